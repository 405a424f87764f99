import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { type Limits, resolveLimits } from "../protocol/limits.ts"
import { Channel } from "./channel.ts"
import { command } from "./command.ts"
import { FakeConnection, KEY, layOut, listen, SESSION, type Seal, seal, turn } from "./core.fixture.ts"
import type { Decision } from "./decisions.ts"
import { Dispatcher } from "./dispatcher.ts"
import { Events } from "./events.ts"
import { Opener } from "./opener.ts"
import { PageOperation } from "./page-operation.ts"
import { Session } from "./session.ts"

/** What the commands have done. */
let ran: unknown[] = []
let signal: AbortSignal | undefined
let release: (value: unknown) => void = () => {}

const COMMANDS = {
  note: command((args) => {
    ran.push(args)
    return "noted"
  }),
  wait: command(async (args, context) => {
    ran.push(args)
    signal = context.signal
    return new Promise((resolve) => {
      release = resolve
    })
  }),
  huge: command(() => "x".repeat(5000)),
  large: command(() => new Uint8Array(1500)),
  title: command(() => new PageOperation("set_title", "A")),
  imitation: command(() => ({ message: ["close", null, ""] })),
}

interface Setup {
  readonly session: Session
  readonly connection: FakeConnection
  readonly logged: string[]
  readonly ended: () => number
  /** Sends the next frame. */
  send(json: unknown, blobs?: readonly Uint8Array[], seal?: Seal): void
}

function start({
  isolated = true,
  events,
  now = () => 0,
  ...overrides
}: Partial<Limits> & { isolated?: boolean; events?: Events; now?: () => number } = {}): Setup {
  const connection = new FakeConnection()
  const logged: string[] = []
  let ends = 0
  let seq = 1
  const session = new Session({
    name: "session",
    label: "main",
    connection,
    dispatcher: new Dispatcher(COMMANDS),
    events: events ?? new Events((line) => logged.push(line)),
    limits: resolveLimits(overrides),
    opener: isolated ? new Opener(KEY, SESSION) : null,
    log: (line) => logged.push(line),
    ended: () => void ends++,
    now,
  })
  const send: Setup["send"] = (json, blobs, options) => {
    const payload = layOut(json, blobs)
    session.receive(isolated ? seal(payload, { seq: seq++, ...options }) : payload)
  }
  return { session, connection, logged, ended: () => ends, send }
}

const isOpen = ({ closed }: FakeConnection): boolean => closed === null
const one = (id: number, cmd: string, args: unknown = {}): object => ({ calls: [[id, cmd, args]] })

let decisions: Decision[] = []
let stop: () => void = () => {}
beforeEach(() => {
  ran = []
  signal = undefined
  ;({ decisions, stop } = listen())
})
afterEach(() => stop())
const kinds = (): string[] => decisions.map(({ kind }) => kind)

describe("arguments of a call", () => {
  test("hold channels where they name them, and are one where they name nothing else", () => {
    ran = []
    const { send } = start()
    send({
      calls: [
        [1, "note", { on: ["__CHANNEL__:7"] }],
        [2, "note", "__CHANNEL__:8"],
      ],
    })
    const [inside, itself] = ran as [{ on: [Channel] }, Channel]
    assert.deepEqual([inside.on[0] instanceof Channel, inside.on[0].id], [true, 7])
    assert.deepEqual([itself instanceof Channel, itself.id], [true, 8])
  })
})

describe("a session", () => {
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
    assert.deepEqual(ran, [{ a: 1 }, { b: 2 }])
    assert.deepEqual(connection.replies, [
      [1, 1, "noted"],
      [2, 1, "noted"],
      [3, 0, "Command nothing not found"],
    ])
    assert.equal(connection.closed, null)
  })

  test("knows whether its sandbox has sealed anything", () => {
    const { session, send } = start()
    assert.equal(session.hasSealed, false)
    send({ hook: "function", logs: [], blobs: [] })
    assert.equal(session.hasSealed, true)
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

describe("is over, and runs nothing more, after", () => {
  const sealed = (seq: number): Uint8Array => seal(layOut(one(seq, "note")), { seq })
  for (const [name, frames] of [
    ["text", ['{"calls":[[1,"note"]]}']],
    ["no bytes", [new Uint8Array(0)]],
    ["an unsealed call, as brownfield would send it", [layOut(one(1, "note"))]],
    ["random bytes", [Uint8Array.from({ length: 500 }, (_, index) => (index * 7919) & 255)]],
    ["a frame that comes again", [sealed(1), sealed(1)]],
    ["a frame left out", [sealed(1), sealed(3)]],
    ["frames in the wrong order", [sealed(2), sealed(1)]],
    ["another session's frame", [seal(layOut(one(1, "note")), { session: new Uint8Array(16) })]],
    ["another version's frame", [seal(layOut(one(1, "note")), { version: 2 })]],
    ["a sealed frame that is no payload", [seal(Uint8Array.of(1, 2, 3))]],
    ["a sealed payload that is no JSON", [seal(layOut("{"))]],
    ["a sealed call that is none, beside one that is", [seal(layOut({ calls: [[1, "note"], [2]] }))]],
    ["an infinite number", [seal(layOut('{"calls":[[1,"note",{"n":1e999}]]}'))]],
    ["deep nesting", [seal(layOut(`{"calls":[[1,"note",${"[".repeat(100_000)}]]}`))]],
  ] as const) {
    test(name, async () => {
      const { session, connection, ended } = start()
      const good =
        frames.length === 2 && frames[0] instanceof Uint8Array && Buffer.from(frames[0]).equals(sealed(1)) ? 1 : 0
      for (const frame of [...frames, sealed(1), sealed(2), sealed(3)]) session.receive(frame)
      await turn()
      assert.equal(ran.length, good)
      assert.deepEqual(connection.closed, { code: CLOSE.FRAME_REFUSED, reason: "a frame was refused" })
      assert.equal(connection.replies.length, good)
      assert.equal(ended(), 1)
      assert.equal(session.isOver, true)
      assert.deepEqual(
        kinds().filter((kind) => kind !== "call"),
        ["frame-refused", "session-ended"],
      )
    })
  }

  test("never throws, whatever comes: each length of noise, sealed and not, isolated and not", () => {
    for (const isolated of [true, false]) {
      for (let length = 0; length <= 64; length++) {
        for (const byte of [0, 1, 0x5b, 0x7b, 0xff]) {
          const bytes = new Uint8Array(length).fill(byte)
          start({ isolated }).session.receive(bytes)
          start({ isolated }).session.receive(seal(bytes))
        }
      }
    }
    assert.deepEqual(ran, [])
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

describe("calls in flight", () => {
  test("an id cannot be used again until it is answered, then it can", async () => {
    const free = start()
    free.send(one(1, "note"))
    free.send(one(1, "note"))
    assert.equal(free.connection.closed, null)
    const taken = start()
    taken.send(one(1, "wait"))
    taken.send(one(1, "note"))
    assert.equal(taken.connection.closed?.code, CLOSE.FRAME_REFUSED)
    assert.equal(ran.length, 3)
  })

  test("nothing runs that stands behind a refused call in its frame", () => {
    const { send } = start()
    send({
      calls: [
        [1, "wait", "first"],
        [1, "note", "again"],
        [2, "note", "behind"],
      ],
    })
    assert.deepEqual(ran, ["first"])
  })

  test("callsInFlight: the limit runs, one more ends the session", () => {
    const { connection, send } = start({ callsInFlight: 2 })
    send({
      calls: [
        [1, "wait"],
        [2, "wait"],
      ],
    })
    assert.equal(isOpen(connection), true)
    send(one(3, "wait"))
    assert.deepEqual(connection.closed, { code: CLOSE.LIMIT_EXCEEDED, reason: "more than 2 callsInFlight" })
    assert.equal(ran.length, 2)
  })

  test("bytesInFlight: counts raw arguments, gives them back when a call is answered, ends the session beyond", async () => {
    const raw = (id: number): [object, Uint8Array[]] => [
      { calls: [[id, "wait", null, null, 0]], blobs: [400] },
      [new Uint8Array(400)],
    ]
    const { connection, send } = start({ bytesInFlight: 1000 })
    send(...raw(1))
    send(...raw(2))
    release(null)
    await turn()
    send(...raw(3))
    assert.equal(isOpen(connection), true)
    send(...raw(4))
    assert.deepEqual(connection.closed, { code: CLOSE.LIMIT_EXCEEDED, reason: "more than 1000 bytesInFlight" })
    assert.equal(ran.length, 3)
  })

  test("bytesInFlight: a call that fills it exactly runs", () => {
    const json = one(1, "wait", { path: "notes/a.md" })
    const size = JSON.stringify([1, "wait", { path: "notes/a.md" }]).length
    for (const [limit, code] of [
      [size, undefined],
      [size - 1, CLOSE.LIMIT_EXCEEDED],
    ] as const) {
      const { connection, send } = start({ bytesInFlight: limit })
      send(json)
      assert.equal(connection.closed?.code, code)
    }
  })

  test("bytesInFlight: a large call counts as what it is, however many small ones come in its frame", () => {
    const { connection, send } = start({ bytesInFlight: 2000 })
    const small = Array.from({ length: 99 }, (_, index) => [100 + index, "note"])
    for (const id of [1, 2]) send({ calls: [[id, "wait", "x".repeat(900)], ...small] })
    assert.equal(isOpen(connection), true)
    send({ calls: [[3, "wait", "x".repeat(900)], ...small] })
    assert.equal(connection.closed?.code, CLOSE.LIMIT_EXCEEDED)
  })

  test("the signal fires when the session ends, and what the command answers then is dropped", async () => {
    const { session, connection, send } = start()
    send(one(1, "wait"))
    assert.equal(signal?.aborted, false)
    session.end(CLOSE.NORMAL, "gone")
    assert.equal(signal?.aborted, true)
    release("late")
    await turn()
    assert.deepEqual(connection.replies, [])
  })

  test("answers that are ready leave before the end", () => {
    const { session, connection, send } = start()
    send(one(1, "note"))
    session.end(CLOSE.NORMAL, "gone")
    assert.deepEqual(connection.replies, [[1, 1, "noted"]])
  })
})

describe("replies", () => {
  test("a reply larger than outgoingBytes rejects its call, and the session goes on", async () => {
    const { connection, send } = start({ outgoingBytes: 2000 })
    send({
      calls: [
        [1, "huge"],
        [2, "note"],
      ],
    })
    await turn()
    assert.deepEqual(
      connection.replies.map((reply) => (reply as unknown[])[1]),
      [0, 1],
    )
    assert.equal(connection.closed, null)
  })

  test("outgoingBytes: what fills it exactly waits for the page, one byte more ends the session", async () => {
    const json = '{"replies":[[1,1,"noted"]],"blobs":[]}'
    for (const [bufferedBytes, code] of [
      [2000 - 4 - json.length, undefined],
      [2000 - 4 - json.length + 1, CLOSE.NOT_READING],
    ] as const) {
      const { connection, send } = start({ outgoingBytes: 2000 })
      connection.bufferedBytes = bufferedBytes
      send(one(1, "note"))
      await turn()
      assert.equal(connection.closed?.code, code)
    }
  })

  test("a page that does not read ends its session, once", async () => {
    const { connection, ended, send } = start({ outgoingBytes: 2000 })
    connection.bufferedBytes = 1000
    send(one(1, "large"))
    await turn()
    assert.equal(connection.closed?.code, CLOSE.NOT_READING)
    assert.deepEqual(connection.replies, [])
    assert.equal(ended(), 1)
  })

  test("a page that does not read can be ended by something else at that moment", () => {
    const { session, connection, ended, send } = start({ outgoingBytes: 2000 })
    connection.bufferedBytes = 1000
    send(one(1, "large"))
    session.end(CLOSE.NORMAL, "gone")
    assert.equal(connection.closed?.code, CLOSE.NOT_READING)
    assert.equal(ended(), 1)
  })
})

describe("winding down", () => {
  test("gives what runs the signal and waits for it, and refuses what comes", async () => {
    const { session, connection, send } = start()
    send(one(1, "wait"))
    let isIdle = false
    const idle = session.windDown().then(() => {
      isIdle = true
    })
    assert.equal(signal?.aborted, true)
    send(one(2, "note"))
    await turn()
    assert.deepEqual(connection.replies, [[2, 0, "the app is closing"]])
    assert.equal(isIdle, false)
    release("done")
    await idle
    await turn()
    assert.deepEqual(connection.replies.at(-1), [1, 1, "done"])
  })

  test("keeps to the rule that an id in flight cannot be used again", () => {
    const { session, connection, send } = start()
    send(one(1, "wait"))
    session.windDown()
    send(one(1, "note"))
    assert.equal(connection.closed?.code, CLOSE.FRAME_REFUSED)
    assert.deepEqual(connection.replies, [])
  })

  test("gives a signal that has fired to whoever asks for one only then", () => {
    const { session, send } = start()
    send(one(1, "wait"))
    const late = start().session
    for (const winding of [session, late]) {
      winding.windDown()
      assert.equal(winding.signal.aborted, true)
    }
    release(null)
  })

  test("waits for nothing when nothing runs", () => start().session.windDown())
})

describe("an event that a page emits", () => {
  const emitting = (waiting: number): { readonly slow: Setup; readonly emit: () => void } => {
    const events = new Events(() => {})
    const slow = start({ events, outgoingBytes: 4000 })
    events.listen(slow.session, "flood", 1, { kind: "Any" })
    slow.connection.bufferedBytes = waiting
    return { slow, emit: () => events.emit("flood", "x", { kind: "Any" }, { source: "other" }) }
  }

  test("reaches a window that reads what it is sent", async () => {
    const { slow, emit } = emitting(999)
    emit()
    await turn()
    assert.equal(slow.connection.sent.length, 1)
  })

  test("is refused where a window does not keep up, and that window's session goes on", async () => {
    const { slow, emit } = emitting(1000)
    assert.throws(emit, /the window "main" does not keep up/)
    await turn()
    assert.deepEqual([slow.connection.sent.length, slow.connection.closed], [0, null])
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
  session.askToClose()
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
  session.askToClose()
  assert.equal(connection.replies.length, 3)
})

describe("a session that has been sent more than it can do in one turn", () => {
  /** Each time that it is looked at, a millisecond has passed: a turn is one piece of work. */
  const busy = (): Setup => {
    let time = 0
    const setup = start({ now: () => time++ })
    setup.send({
      calls: [
        [1, "note", 1],
        [2, "note", 2],
        [3, "note", 3],
      ],
    })
    return setup
  }
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await turn()
  }

  test("has its peer wait meanwhile, and does all of it", async () => {
    const { connection } = busy()
    assert.deepEqual([ran, connection.isPaused], [[], true])
    await until(() => !connection.isPaused)
    assert.deepEqual(ran, [1, 2, 3])
    await turn()
    assert.equal(connection.replies.length, 3)
  })

  test("does what was sent before the page was gone, and ends then", async () => {
    const { session, ended } = busy()
    session.gone()
    assert.equal(ended(), 0)
    await until(() => ended() > 0)
    assert.deepEqual([ran, ended()], [[1, 2, 3], 1])
  })

  test("does nothing more once it is over", async () => {
    const { session, connection } = busy()
    session.end(CLOSE.CLOSING, "")
    await until(() => !connection.isPaused)
    assert.deepEqual(ran, [])
  })

  test("tells each of its calls that the app is closing", async () => {
    const { session, connection } = busy()
    await session.windDown()
    await turn()
    const closing = [1, 2, 3].map((id) => [id, 0, "the app is closing"])
    assert.deepEqual([ran, connection.replies], [[], closing])
  })
})

test("a session that has nothing to do ends at once when its page is gone", () => {
  const { session, ended } = start()
  session.gone()
  assert.equal(ended(), 1)
})
