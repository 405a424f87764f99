import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { FakeConnection, listen } from "./core.fixture.ts"
import type { Decision } from "./decisions.ts"
import { join, newCore, openWindow } from "./joined-core.fixture.ts"

let decisions: Decision[] = []
let stop: () => void = () => {}
beforeEach(() => {
  ;({ decisions, stop } = listen())
})
afterEach(() => stop())

describe("hello", () => {
  test("is answered with session, label, pattern, frame and what the page holds itself to", () => {
    const core = newCore()
    const { session, frame, ...rest } = join(core, openWindow(core, "notes")).welcome
    assert.equal(Buffer.from(session, "base64url").length, 16)
    assert.match(frame ?? "", /^http:\/\/[1-9]\d{0,9}\.localhost\/[\w-]{43}$/)
    assert.deepEqual(rest, {
      label: "notes",
      pattern: "isolation",
      limits: { blobBytes: 67_108_864, callsInFlight: 65_536, bytesInFlight: 71_303_168, frameTimeoutMs: 10_000 },
    })
  })

  test("in brownfield has no frame, and the limits that otherwise the sandbox holds", () => {
    const core = newCore("brownfield")
    const { welcome } = join(core, openWindow(core))
    assert.deepEqual([welcome.pattern, welcome.frame], ["brownfield", null])
    assert.deepEqual([welcome.limits.jsonBytes, welcome.limits.nesting], [524_288, 256])
  })

  for (const [name, message, code] of [
    ["bytes", Uint8Array.of(1), CLOSE.HELLO_INVALID],
    ["no JSON", "{", CLOSE.HELLO_INVALID],
    ["another version", '{"hello":2,"credential":"x"}', CLOSE.HELLO_INVALID],
    ["an unknown credential", '{"hello":1,"credential":"x"}', CLOSE.CREDENTIAL_UNKNOWN],
    ["a label for a credential", '{"hello":1,"credential":"main"}', CLOSE.CREDENTIAL_UNKNOWN],
  ] as const) {
    test(`is refused with ${code}: ${name}`, () => {
      const core = newCore()
      openWindow(core)
      const connection = new FakeConnection()
      core.accept(connection, String)
      connection.receive(message)
      assert.equal(connection.closed?.code, code)
      assert.deepEqual(connection.sent, [])
      assert.equal(decisions.at(-1)?.kind, "session-refused")
    })
  }

  test("comes in time or the socket is closed", async () => {
    const core = newCore("isolation", { helloTimeoutMs: 20 })
    const connection = new FakeConnection()
    core.accept(connection, String)
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(connection.closed?.code, CLOSE.HELLO_TIMEOUT)
  })

  test("that comes too late, before the socket is gone, is not heard", async () => {
    const core = newCore("brownfield", { helloTimeoutMs: 20 })
    const credential = openWindow(core)
    const connection = new FakeConnection()
    core.accept(connection, String)
    await new Promise((resolve) => setTimeout(resolve, 50))
    connection.receive(JSON.stringify({ hello: 1, credential }))
    assert.deepEqual(connection.sent, [])
  })

  test("that has come is not timed out", async () => {
    const core = newCore("isolation", { helloTimeoutMs: 20 })
    const { connection } = join(core, openWindow(core))
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(connection.closed, null)
    connection.drop()
  })
})

describe("limits", () => {
  test("pendingSockets: as many may wait, and one more takes the place of the one that has waited longest", () => {
    const core = newCore("isolation", { pendingSockets: 2 })
    const connections = [1, 2, 3, 4].map(() => new FakeConnection())
    const codes = (): unknown[] => connections.map(({ closed }) => closed?.code ?? 0)
    for (const connection of connections.slice(0, 3)) core.accept(connection, String)
    assert.deepEqual(codes(), [CLOSE.TOO_MANY_SESSIONS, 0, 0, 0])
    connections[1]?.drop()
    core.accept(connections[3] as FakeConnection, String)
    assert.deepEqual(codes(), [CLOSE.TOO_MANY_SESSIONS, 0, 0, 0], "room is made by one that goes")
    for (const connection of connections.slice(2)) connection.drop()
  })

  test("pendingSockets: one that has lost its place is not heard any more", () => {
    const core = newCore("isolation", { pendingSockets: 1 })
    const credential = openWindow(core)
    const [first, second] = [new FakeConnection(), new FakeConnection()]
    core.accept(first, String)
    core.accept(second, String)
    first.receive(JSON.stringify({ hello: 1, credential }))
    assert.deepEqual(first.sent, [])
    first.drop()
    second.receive(JSON.stringify({ hello: 1, credential }))
    assert.equal(second.sent.length, 1)
    second.drop()
  })

  test("pendingSockets: sockets that one page holds open without a word keep no other window out", () => {
    const core = newCore("isolation", { pendingSockets: 4 })
    const silent = Array.from({ length: 4 }, () => new FakeConnection())
    for (const connection of silent) core.accept(connection, String)
    const { connection } = join(core, openWindow(core, "other"))
    assert.equal(connection.closed, null)
    for (const held of [...silent, connection]) held.drop()
  })

  test("sessionsPerWindow: other windows still get theirs", () => {
    const core = newCore("isolation", { sessionsPerWindow: 2 })
    const [main, other] = [openWindow(core), openWindow(core)]
    const joined = [join(core, main), join(core, main), join(core, main), join(core, other)]
    assert.deepEqual(
      joined.map(({ connection }) => connection.closed?.code ?? 0),
      [0, 0, CLOSE.TOO_MANY_SESSIONS, 0],
    )
    joined[0]?.connection.drop()
    assert.equal(join(core, main).connection.closed, null)
  })

  test("sessions: of all windows together", () => {
    const core = newCore("isolation", { sessions: 2 })
    const codes = [1, 2, 3].map(() => join(core, openWindow(core)).connection.closed?.code ?? 0)
    assert.deepEqual(codes, [0, 0, CLOSE.TOO_MANY_SESSIONS])
  })
})
