import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { Channel } from "./channel.ts"
import { layOut, listen, seal, turn } from "./core.fixture.ts"
import type { Decision } from "./decisions.ts"
import { did, one, start } from "./session.fixture.ts"

let decisions: Decision[] = []
let stop: () => void = () => {}
beforeEach(() => {
  ;({ decisions, stop } = listen())
})
afterEach(() => stop())

describe("arguments of a call", () => {
  test("hold channels where they name them, and are one where they name nothing else", () => {
    did.ran = []
    const { send } = start()
    send({
      calls: [
        [1, "note", { on: ["__CHANNEL__:7"] }],
        [2, "note", "__CHANNEL__:8"],
      ],
    })
    const [inside, itself] = did.ran as [{ on: [Channel] }, Channel]
    assert.deepEqual([inside.on[0] instanceof Channel, inside.on[0].id], [true, 7])
    assert.deepEqual([itself instanceof Channel, itself.id], [true, 8])
  })
})

describe("a session", () => {
  test("takes a frame in parts as the one message that it is, in its turn", async () => {
    const { session, connection } = start()
    const frames = [1, 2, 3].map((n) => seal(layOut(one(n, "note", { n })), { seq: n }))
    for (const frame of frames) {
      session.receive(`${frame.length}`)
      session.receive(frame)
    }
    await turn()
    assert.deepEqual([did.ran, connection.closed], [[{ n: 1 }, { n: 2 }, { n: 3 }], null])
  })

  test("runs what its sandbox sealed, and answers", async () => {
    const { connection, send } = start()
    send({
      calls: [
        [1, "note", { a: 1 }],
        [2, "note", { b: 2 }],
        [3, "nothing"],
      ],
    })
    await turn()
    assert.deepEqual(did.ran, [{ a: 1 }, { b: 2 }])
    assert.deepEqual(connection.replies, [
      [1, 1, "noted"],
      [2, 1, "noted"],
      [3, 0, "Command nothing not found"],
    ])
    assert.equal(connection.closed, null)
  })

  test("knows whether its sandbox has sealed anything", () => {
    const { session, send } = start()
    assert.equal(session.sealed.hasSealed, false)
    send({ hook: "function", logs: [], blobs: [] })
    assert.equal(session.sealed.hasSealed, true)
  })

  test("reports calls, refusals, the hook and its console, with who said so", () => {
    const { logged, send } = start()
    send({
      hook: "null",
      calls: [[1, "note"]],
      refused: [
        [2, "rm", "HOOK_REFUSED", "no"],
        [3, "rm", "HOOK_TIMEOUT", ""],
      ],
      logs: [["warn", "text"]],
    })
    const who = { window: "main", session: "session" }
    assert.deepEqual(decisions, [
      { kind: "hook", ...who, state: "null" },
      { kind: "call-refused", ...who, id: 2, command: "rm", code: "HOOK_REFUSED", reason: "no" },
      {
        kind: "call-refused",
        ...who,
        id: 3,
        command: "rm",
        code: "HOOK_TIMEOUT",
        reason: "the isolation hook took longer than plugins.sallyport.limits.hookTimeoutMs",
      },
      { kind: "isolation-log", ...who, level: "warn", text: "text" },
      { kind: "call", ...who, id: 1, command: "note" },
    ])
    assert.deepEqual(logged, ["warn: text"])
  })

  test("says so when the isolation app has no hook", () => {
    const { logged, send } = start()
    send({ hook: "missing" })
    assert.match(logged.join(), /set no window\.__TAURI_ISOLATION_HOOK__/)
  })
})

describe("in brownfield, a session", () => {
  test("runs payloads in the clear", async () => {
    const { connection, send } = start({ isolated: false })
    send(one(1, "note", { a: 1 }))
    await turn()
    assert.deepEqual(connection.replies, [[1, 1, "noted"]])
  })

  test("does not take the page's word for the isolation app's", () => {
    const { logged, send } = start({ isolated: false })
    send({ hook: "function", refused: [[1, "rm", "HOOK_REFUSED", "no"]], logs: [["log", "text"]] })
    assert.deepEqual([decisions, logged], [[], []])
  })

  test("refuses sealed frames, text and noise", () => {
    for (const frame of [seal(layOut(one(1, "note"))), "{}", Uint8Array.of(1)]) {
      const { session, connection } = start({ isolated: false })
      session.receive(frame)
      assert.equal(connection.closed?.code, CLOSE.FRAME_REFUSED)
    }
  })
})

test("an operation is the page's to do, for the call or, with id 0, for the Core; no other value passes for one", async () => {
  const { session, connection, send } = start()
  send({
    calls: [
      [7, "title"],
      [8, "imitation"],
    ],
  })
  session.ask("close")
  await turn()
  const [operation, imitation, close] = connection.replies as [number, number, unknown[]][]
  assert.deepEqual(
    [operation?.slice(0, 2), operation?.[2].slice(0, 2)],
    [
      [7, 2],
      ["set_title", "A"],
    ],
  )
  assert.deepEqual(imitation, [8, 1, { message: ["close", null, ""] }])
  assert.deepEqual(
    [close?.slice(0, 2), close?.[2].slice(0, 2)],
    [
      [0, 2],
      ["close", null],
    ],
  )
  session.end(CLOSE.NORMAL, "")
  session.ask("close")
  assert.equal(connection.replies.length, 3)
})

test("a session that has nothing to do ends at once when its page is gone", () => {
  const { session, ended } = start()
  session.gone()
  assert.equal(ended(), 1)
})
