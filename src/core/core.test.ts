import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { type Limits, resolveLimits } from "../protocol/limits.ts"
import type { Welcome } from "../protocol/messages.ts"
import { command } from "./command.ts"
import { FakeConnection, layOut, listen, seal, turn } from "./core.fixture.ts"
import { Core } from "./core.ts"
import type { Decision } from "./decisions.ts"
import type { FrameGrant, WindowGrant } from "./gate.ts"

let decisions: Decision[] = []
let stop: () => void = () => {}
const logged: string[] = []
beforeEach(() => {
  logged.length = 0
  ;({ decisions, stop } = listen())
})
afterEach(() => stop())

const COMMANDS = {
  window: command((_args, { window }) => window),
  deaf: command(() => new Promise(() => {})),
  wait: command(
    (_args, { signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve("stopped"))),
  ),
}
const newCore = (pattern: "isolation" | "brownfield" = "isolation", limits: Partial<Limits> = {}): Core =>
  new Core({
    commands: COMMANDS,
    pattern,
    limits: resolveLimits(limits),
    log: (line) => logged.push(line),
    now: () => 0,
  })

/** How many sessions a window was told it has, each time. */
const counts: number[] = []
const OBSERVER = { redeemed: () => {}, sessions: (count: number) => void counts.push(count) }
const openWindow = (core: Core, label = "main"): string =>
  (core.redeemLaunchTicket(core.launch(label, { url: "index.html", title: null }, OBSERVER)) as WindowGrant).credential

interface Joined {
  readonly connection: FakeConnection
  readonly welcome: Welcome
  /** `null`: the frame ticket was not redeemed, as in brownfield. */
  grant(): FrameGrant
}

function join(core: Core, credential: string): Joined {
  const connection = new FakeConnection()
  core.accept(connection, (ticket) => `frame:${ticket}`)
  connection.receive(JSON.stringify({ hello: 1, credential }))
  const welcome = JSON.parse(String(connection.sent[0] ?? "null")) as Welcome
  return { connection, welcome, grant: () => core.redeemFrameTicket((welcome.frame ?? "").slice(6)) as FrameGrant }
}

const call = (id: number, cmd: string): Uint8Array => layOut({ calls: [[id, cmd, {}]] })
const sealCall = ({ key, session }: FrameGrant, id: number, cmd: string, seq = 1): Uint8Array =>
  seal(call(id, cmd), { key, session, seq })

describe("hello", () => {
  test("is answered with session, label, pattern, frame and what the page holds itself to", () => {
    const core = newCore()
    const { session, frame, ...rest } = join(core, openWindow(core, "notes")).welcome
    assert.equal(Buffer.from(session, "base64url").length, 16)
    assert.match(frame ?? "", /^frame:[\w-]{43}$/)
    assert.deepEqual(rest, {
      label: "notes",
      pattern: "isolation",
      limits: { blobBytes: 67_108_864, callsInFlight: 65_536, bytesInFlight: 268_435_456, frameTimeoutMs: 10_000 },
    })
  })

  test("in brownfield has no frame, and the limits that otherwise the sandbox holds", () => {
    const core = newCore("brownfield")
    const { welcome } = join(core, openWindow(core))
    assert.deepEqual([welcome.pattern, welcome.frame], ["brownfield", null])
    assert.deepEqual([welcome.limits.jsonBytes, welcome.limits.nesting], [4_194_304, 256])
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

describe("a window", () => {
  test("is the one its credential says, whatever its page sends", async () => {
    const core = newCore()
    const joined = [join(core, openWindow(core, "a")), join(core, openWindow(core, "b"))]
    for (const { connection, grant } of joined) {
      const granted = grant()
      connection.receive(
        seal(layOut({ calls: [[1, "window", { window: "a" }, { window: "a" }]] }), {
          key: granted.key,
          session: granted.session,
        }),
      )
    }
    await turn()
    assert.deepEqual(
      joined.map(({ connection }) => connection.replies),
      [[[1, 1, "a"]], [[1, 1, "b"]]],
    )
  })

  test("is audited as it opens, with each of its sessions and how that ended", () => {
    const core = newCore()
    const { connection, welcome } = join(core, openWindow(core, "notes"))
    connection.drop()
    const who = { window: "notes", session: welcome.session }
    assert.deepEqual(decisions, [
      { kind: "window-opened", window: "notes" },
      { kind: "session-started", ...who },
      { kind: "session-ended", ...who, reason: "the page is gone" },
    ])
  })

  test("hears how many sessions it has", () => {
    const core = newCore()
    const credential = openWindow(core)
    counts.length = 0
    const [first, second] = [join(core, credential), join(core, credential)]
    first.connection.drop()
    second.connection.drop()
    assert.deepEqual(counts, [1, 2, 1, 0])
  })

  test("whose launch ticket comes again loses its credential and its sessions; others keep theirs", () => {
    const core = newCore()
    const other = join(core, openWindow(core))
    const ticket = core.launch("main", { url: "index.html", title: null }, OBSERVER)
    const { credential } = core.redeemLaunchTicket(ticket) as WindowGrant
    const { connection } = join(core, credential)
    assert.equal(core.redeemLaunchTicket(ticket), null)
    assert.equal(connection.closed?.code, CLOSE.CREDENTIAL_UNKNOWN)
    assert.equal(join(core, credential).connection.closed?.code, CLOSE.CREDENTIAL_UNKNOWN)
    assert.equal(other.connection.closed, null)
    assert.ok(decisions.some(({ kind }) => kind === "launch-ticket-reused"))
  })
})

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
    for (const guess of ["", "x", "__proto__", late.welcome.session]) assert.equal(core.redeemFrameTicket(guess), null)
  })

  test("is worth nothing once its session has ended by a violation", () => {
    const core = newCore()
    const { connection, grant } = join(core, openWindow(core))
    connection.receive("text")
    assert.equal(grant(), null)
  })

  test("whose session then seals nothing is audited; one that seals, or whose page is gone by then, is not", async () => {
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
    // The last, so that the others' time is over before it is.
    silent.grant()
    const audited = (): Decision[] => decisions.filter(({ kind }) => kind === "session-silent")
    // The Core's own timer keeps no process alive; these do.
    while (audited().length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
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

test("one window's flood runs in turns with the calls of the others, each window's in its order", async () => {
  let time = 0
  const ran: string[] = []
  const commands = {
    work: command((_args, { window }) => {
      ran.push(window)
      // Longer than a turn.
      time += 1
    }),
  }
  const core = new Core({ commands, pattern: "brownfield", limits: resolveLimits(), log: () => {}, now: () => time })
  const [flood, other] = [join(core, openWindow(core, "flood")), join(core, openWindow(core, "other"))]
  flood.connection.receive(layOut({ calls: Array.from({ length: 10 }, (_, id) => [id, "work"]) }))
  other.connection.receive(call(1, "work"))
  assert.deepEqual(ran, ["flood", "other"])
  while (flood.connection.isPaused) {
    other.connection.receive(call(1, "work"))
    await turn()
  }
  assert.equal(ran.filter((window) => window === "flood").length, 10)
  assert.doesNotMatch(ran.join(" "), /flood flood/)
  await turn()
  assert.deepEqual(
    flood.connection.replies.map((reply) => (reply as [number])[0]),
    Array.from({ length: 10 }, (_, id) => id),
  )
})

describe("closing", () => {
  test("stops what runs, sends its answers, then closes every session, and lets nobody in", async () => {
    const core = newCore()
    const { connection, grant } = join(core, openWindow(core))
    const stranger = new FakeConnection()
    core.accept(stranger, String)
    connection.receive(sealCall(grant(), 1, "wait"))
    await core.close()
    assert.deepEqual(connection.replies, [[1, 1, "stopped"]])
    assert.equal(connection.closed?.code, CLOSE.CLOSING)
    assert.equal(stranger.closed?.code, CLOSE.CLOSING)
    const late = new FakeConnection()
    core.accept(late, String)
    assert.equal(late.closed?.code, CLOSE.CLOSING)
    stranger.drop()
  })

  test("gives what runs five seconds, and no more", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] })
    const core = newCore()
    const { connection, grant } = join(core, openWindow(core))
    connection.receive(sealCall(grant(), 1, "deaf"))
    const closing = core.close()
    context.mock.timers.tick(4999)
    await turn()
    const early = connection.closed
    context.mock.timers.tick(1)
    await closing
    assert.deepEqual([early, connection.closed?.code], [null, CLOSE.CLOSING])
    assert.deepEqual(connection.replies, [])
  })

  test("a socket that was waiting when the app closed cannot come in afterwards", async () => {
    const core = newCore()
    const credential = openWindow(core)
    const stranger = new FakeConnection()
    core.accept(stranger, String)
    await core.close()
    stranger.receive(JSON.stringify({ hello: 1, credential }))
    assert.deepEqual(stranger.sent, [])
    stranger.drop()
  })
})

test("requests that the server turned away are decisions like others, and cannot pass for them", () => {
  newCore().refused("no cookie", { kind: "call", path: "/" } as Record<string, string>)
  assert.deepEqual(decisions, [{ kind: "request-refused", reason: "no cookie", path: "/" }])
})
