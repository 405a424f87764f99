import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, test } from "node:test"
import type { WindowGrant } from "../boundary/core/window-registry.ts"
import { resolveLimits } from "../boundary/wire/limits.ts"
import { CLOSE } from "../protocol/close-codes.ts"
import { command } from "./command.ts"
import { FakeConnection, layOut, listen, seal, turn } from "./core.fixture.ts"
import { Core } from "./core.ts"
import type { Decision } from "./decisions.ts"
import { call, counts, join, newCore, OBSERVER, openWindow, sealCall } from "./joined-core.fixture.ts"

let decisions: Decision[] = []
let stop: () => void = () => {}
beforeEach(() => {
  ;({ decisions, stop } = listen())
})
afterEach(() => stop())

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
