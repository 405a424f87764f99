import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { layOut, listen, seal, turn } from "./core.fixture.ts"
import type { Decision } from "./decisions.ts"
import { call, join, logged, newCore, openWindow, sealCall } from "./joined-core.fixture.ts"

let decisions: Decision[] = []
let stop: () => void = () => {}
beforeEach(() => {
  ;({ decisions, stop } = listen())
})
afterEach(() => stop())

describe("a frame ticket", () => {
  test("gives the session's id, key, label and limits, once", () => {
    const core = newCore()
    const { welcome, grant } = join(core, openWindow(core))
    const granted = grant()
    assert.equal(Buffer.from(granted.session).toString("base64url"), welcome.session)
    assert.equal(granted.key.length, 32)
    assert.deepEqual([granted.label, granted.limits.nesting, granted.limits.hookTimeoutMs], ["main", 256, 10_000])
    assert.equal(grant(), null)
  })

  test("is worth nothing after its session, after its time, and when it is guessed", async () => {
    const core = newCore("isolation", { frameTimeoutMs: 20 })
    const credential = openWindow(core)
    const gone = join(core, credential)
    gone.connection.drop()
    assert.equal(gone.grant(), null)
    const late = join(core, credential)
    await new Promise((resolve) => setTimeout(resolve, 40))
    assert.equal(late.grant(), null)
    const { origin } = new URL(late.welcome.frame ?? "")
    for (const guess of ["", "x", "__proto__", late.welcome.session])
      assert.equal(core.redeemFrameTicket(guess, origin), null)
  })

  test("is good at the isolation origin of its window alone, and is spent at another one", () => {
    const core = newCore()
    const [mine, other] = [join(core, openWindow(core)), join(core, openWindow(core))]
    const [{ origin, pathname }, { origin: others }] = [mine, other].map(
      ({ welcome }) => new URL(welcome.frame ?? ""),
    ) as [URL, URL]
    assert.notEqual(origin, others)
    assert.equal(core.redeemFrameTicket(pathname.slice(1), others), null)
    assert.equal(mine.grant(), null)
    assert.notEqual(other.grant(), null)
  })

  test("is worth nothing once its session has ended by a violation", () => {
    const core = newCore()
    const { connection, grant } = join(core, openWindow(core))
    connection.receive("text")
    assert.equal(grant(), null)
  })

  test("whose session then seals nothing is audited; one that seals, or whose page is gone by then, is not", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] })
    const time = performance.now()
    context.mock.method(performance, "now", () => time)
    const core = newCore("isolation", { frameTimeoutMs: 300 })
    const [silent, heard, gone] = [
      join(core, openWindow(core)),
      join(core, openWindow(core)),
      join(core, openWindow(core)),
    ]
    gone.grant()
    gone.connection.drop()
    const grant = heard.grant()
    heard.connection.receive(seal(layOut({ hook: "function" }), { key: grant.key, session: grant.session }))
    silent.grant()
    const audited = (): Decision[] => decisions.filter(({ kind }) => kind === "session-silent")
    context.mock.timers.tick(299)
    assert.deepEqual(audited(), [])
    context.mock.timers.tick(1)
    assert.deepEqual(audited(), [{ kind: "session-silent", window: "main", session: silent.welcome.session }])
  })
})

describe("frames", () => {
  test("of one session, of one before it, of another window, and of another launch count nowhere else", () => {
    const core = newCore()
    const credential = openWindow(core)
    const other = newCore()
    const grants = [
      join(core, credential).grant(),
      join(core, openWindow(core)).grant(),
      join(other, openWindow(other)).grant(),
    ]
    for (const grant of grants) {
      const { connection } = join(core, credential)
      connection.receive(sealCall(grant, 1, "window"))
      assert.equal(connection.closed?.code, CLOSE.FRAME_REFUSED)
      assert.deepEqual(connection.replies, [])
    }
  })

  test("unsealed count in brownfield only", async () => {
    for (const [pattern, replies] of [
      ["isolation", []],
      ["brownfield", [[1, 1, "main"]]],
    ] as const) {
      const core = newCore(pattern)
      const { connection } = join(core, openWindow(core))
      connection.receive(call(1, "window"))
      await turn()
      assert.deepEqual(connection.replies, replies)
    }
  })

  test("what the isolation app's console says cannot steer a terminal", () => {
    const core = newCore()
    const { connection, grant } = join(core, openWindow(core))
    const { key, session } = grant()
    connection.receive(seal(layOut({ logs: [["log", "\u001b[2J\r\n\u009b"]] }), { key, session }))
    assert.deepEqual(logged, ["[isolation main] log: \\u001b[2J\\u000d\\u000a\\u009b"])
  })
})
