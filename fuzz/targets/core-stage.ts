import assert from "node:assert/strict"
import { mock } from "node:test"
import { resolveLimits } from "../../src/boundary/wire/limits.ts"
import { command } from "../../src/core/command.ts"
import { FakeConnection, layOut, seal } from "../../src/core/core.fixture.ts"
import { Core } from "../../src/core/core.ts"
import { CLOSE } from "../../src/protocol/close-codes.ts"
import type { Move } from "./core.ts"
import { at, forgery, NEW_WINDOW, newSocket, type SealedCall, type Socket, turns, type Window } from "./core-model.ts"

const LIMITS = resolveLimits({ callsInFlight: 3, sessionsPerWindow: 2, sessions: 4, pendingSockets: 3 })
const LAUNCH_MS = 60_000

/** A real Core, a model of what it may do, and a clock that stands still until it is moved. */
export class Stage {
  readonly #core: Core
  readonly #windows: Window[] = []
  readonly #sockets: Socket[] = []
  readonly #ran: string[] = []
  readonly #waiting: { readonly mark: string; readonly done: (ok: boolean) => void }[] = []
  readonly #now: () => number
  #time = 0
  #marks = 0
  #isClosing = false
  #closed: Promise<void> | null = null

  constructor() {
    this.#now = performance.now
    performance.now = () => this.#time
    mock.timers.enable({ apis: ["setTimeout"] })
    const ran = (args: unknown): string => {
      const { mark } = args as { mark: string }
      this.#ran.push(mark)
      return mark
    }
    const commands = {
      note: command((args) => ran(args)),
      fail: command((args) => {
        throw new Error(ran(args))
      }),
      wait: command(
        (args) =>
          new Promise((resolve, reject) => {
            const mark = ran(args)
            this.#waiting.push({ mark, done: (ok) => (ok ? resolve(mark) : reject(new Error(mark))) })
          }),
      ),
    }
    this.#core = new Core({ commands, pattern: "isolation", limits: LIMITS, log: () => {} })
  }

  leave(): void {
    mock.timers.reset()
    performance.now = this.#now
  }

  async play(move: Move): Promise<void> {
    switch (move.does) {
      case "launch":
        return this.#launch(move.label)
      case "redeem launch ticket":
        return this.#redeemLaunch(at(this.#windows, move.which))
      case "connect":
        return this.#connect()
      case "hello":
        return this.#hello(at(this.#strangers(), move.which), at(this.#windows, move.credential), move.flaw)
      case "redeem frame ticket":
        return this.#redeemFrame(at(this.#sockets, move.which), move.isElsewhere)
      case "seal":
        return this.#seal(at(this.#sockets, move.which), move.calls)
      case "carry":
        return this.#carry(at(this.#sockets, move.which), move.frame, move.inParts)
      case "forge":
        return this.#forge(at(this.#sockets, move.which), move.flaw)
      case "drop":
        return this.#drop(at(this.#sockets, move.which))
      case "reload":
        this.#drop(at(this.#sockets, move.which))
        this.#connect()
        return this.#hello(this.#strangers().at(-1), at(this.#windows, move.credential), null)
      case "finish": {
        const [call] = this.#waiting.splice(move.which % Math.max(1, this.#waiting.length), 1)
        for (const { inFlight } of this.#sockets)
          for (const [id, mark] of inFlight) if (mark === call?.mark) inFlight.delete(id)
        call?.done(move.ok)
        return turns()
      }
      case "close window":
        return this.#closeWindow(at(this.#windows, move.which))
      case "pass time":
        return this.#pass(move.ms)
      case "turn":
        return turns()
      case "close app":
        this.#isClosing = true
        for (const stranger of this.#strangers()) stranger.state = "over"
        this.#closed ??= this.#core.close()
        return turns()
    }
  }

  /** What holds at any moment. */
  check(): void {
    if (this.#isClosing)
      for (const socket of this.#sockets) if (socket.connection.closed?.code === CLOSE.CLOSING) socket.state = "over"
    const due = this.#sockets.flatMap(({ due }) => due)
    assert.deepEqual([...this.#ran].sort(), [...due].sort(), "what ran is not what was sealed and carried in its turn")
    for (const { due } of this.#sockets)
      assert.deepEqual(
        this.#ran.filter((mark) => due.includes(mark)),
        due,
        "calls of a session ran out of order",
      )
    assert.ok(this.#strangers().length <= LIMITS.pendingSockets)
    const open = this.#sockets.filter(({ state }) => state === "session")
    assert.ok(open.length <= LIMITS.sessions)
    for (const window of this.#windows)
      assert.ok(open.filter((socket) => socket.window === window).length <= LIMITS.sessionsPerWindow)
    for (const socket of this.#sockets) {
      const { connection, state, sentAtEnd } = socket
      if (state !== "over") assert.equal(connection.closed, null, `a ${state} was closed: ${connection.closed?.reason}`)
      else {
        assert.ok(connection.closed !== null, "what is over was not closed")
        socket.sentAtEnd ??= connection.sent.length
        assert.equal(connection.sent.length, sentAtEnd ?? connection.sent.length, "something was sent after the end")
      }
    }
  }

  /** The app closes, and whatever waits gets its time: every session has ended, and every call was answered at most once. */
  async finish(): Promise<void> {
    this.#isClosing = true
    this.#closed ??= this.#core.close()
    for (const { done } of this.#waiting) done(true)
    await turns()
    mock.timers.tick(5001)
    await this.#closed
    for (const socket of this.#sockets) {
      assert.ok(socket.connection.closed !== null || socket.state === "over", "a connection outlives the app")
      const answered = socket.connection.replies.map((reply) => JSON.stringify((reply as unknown[])[2]))
      const marks = answered.filter((text) => /^"m\d+"$/.test(text))
      assert.equal(new Set(marks).size, marks.length, "a call was answered twice")
      for (const mark of marks) assert.ok(socket.due.includes(JSON.parse(mark)), "an answer went to another session")
    }
  }

  #strangers(): Socket[] {
    return this.#sockets.filter(({ state }) => state === "stranger")
  }

  #launch(label: string): void {
    const observer = { redeemed: () => {}, sessions: () => {} }
    const ticket = this.#core.launch(label, { url: "index.html", title: null }, observer)
    this.#windows.push({ ...NEW_WINDOW, label, ticket, launched: this.#time, observer })
  }

  #redeemLaunch(window: Window | undefined): void {
    if (window === undefined) return
    const grant = this.#core.redeemLaunchTicket(window.ticket)
    const isGood = !window.wasRedeemed && !window.isClosed && this.#time < window.launched + LAUNCH_MS
    assert.equal(grant !== null, isGood, "a launch ticket was good when it should not be, or the other way about")
    if (window.wasRedeemed) {
      window.isRevoked = true
      this.#endAll(window)
    }
    if (grant === null) return
    assert.equal(grant.label, window.label)
    window.wasRedeemed = true
    window.credential = grant.credential
  }

  #connect(): void {
    const connection = new FakeConnection()
    // Who has waited longest makes room.
    const [oldest] = this.#strangers()
    if (!this.#isClosing && oldest !== undefined && this.#strangers().length === LIMITS.pendingSockets)
      oldest.state = "over"
    this.#sockets.push(newSocket(connection, this.#time, this.#isClosing ? "over" : "stranger"))
    this.#core.accept(connection, (window) => `http://${window}.localhost`)
  }

  #hello(socket: Socket | undefined, window: Window | undefined, flaw: string | null): void {
    if (socket === undefined) return
    const credential = flaw === "unknown" ? "x".repeat(43) : (window?.credential ?? "none")
    const hello = JSON.stringify({ hello: flaw === "version" ? 2 : 1, credential })
    socket.connection.receive(flaw === "bytes" ? Buffer.from(hello) : flaw === "no JSON" ? hello.slice(1) : hello)
    const open = this.#sockets.filter(({ state }) => state === "session")
    const isKnown =
      flaw === null && window !== undefined && window.credential !== null && !window.isRevoked && !window.isClosed
    const hasRoom =
      open.length < LIMITS.sessions && open.filter((other) => other.window === window).length < LIMITS.sessionsPerWindow
    if (!isKnown || !hasRoom) {
      socket.state = "over"
      assert.equal(socket.connection.sent.length, 0, "somebody unknown was welcomed")
      // As a transport does it when the Core has closed.
      return socket.connection.drop()
    }
    const welcome = JSON.parse(String(socket.connection.sent[0]))
    assert.equal(welcome.label, window.label)
    Object.assign(socket, { state: "session", window, frame: welcome.frame, welcomed: this.#time })
  }

  #redeemFrame(socket: Socket | undefined, isElsewhere: boolean): void {
    if (socket === undefined || socket.frame === null) return
    const { origin, pathname } = new URL(socket.frame)
    const ticket = pathname.slice(1)
    if (isElsewhere) {
      const origins = this.#sockets.flatMap(({ frame }) => (frame === null ? [] : [new URL(frame).origin]))
      const other = origins.find((one) => one !== origin) ?? "http://127.0.0.1"
      assert.equal(this.#core.redeemFrameTicket(ticket, other), null, "a frame ticket was good at another origin")
      assert.equal(
        this.#core.redeemFrameTicket(ticket, origin),
        null,
        "a frame ticket that came elsewhere is still good",
      )
      socket.frame = null
      return
    }
    const grant = this.#core.redeemFrameTicket(ticket, origin)
    const isGood =
      socket.grant === null && socket.state === "session" && this.#time < socket.welcomed + LIMITS.frameTimeoutMs
    assert.equal(grant !== null, isGood, "a frame ticket was good when it should not be, or the other way about")
    if (grant === null) return
    assert.equal(grant.label, socket.window?.label)
    for (const other of this.#sockets) if (other.grant !== null) assert.notDeepEqual(other.grant.key, grant.key)
    socket.grant = grant
  }

  #seal(socket: Socket | undefined, calls: readonly (readonly [number, string])[]): void {
    if (socket === undefined || socket.grant === null) return
    const sealed = calls.map(([id, cmd]) => ({ id, cmd, mark: `m${this.#marks++}` }))
    const payload = layOut({ calls: sealed.map(({ id, cmd, mark }) => [id, cmd, { mark }]) })
    const { key, session } = socket.grant
    socket.frames.push({ bytes: seal(payload, { key, session, seq: socket.frames.length + 1 }), calls: sealed })
  }

  /** The page carries a frame: mostly the next, sometimes one that it has carried before or that is not due. */
  async #carry(socket: Socket | undefined, offset: number, inParts: boolean): Promise<void> {
    if (socket === undefined) return
    const index = offset === 3 ? socket.carried - 1 : socket.carried + (offset === 2 ? 1 : 0)
    const frame = socket.frames[index]
    if (frame === undefined) return
    if (socket.state === "session") {
      if (index !== socket.carried) socket.state = "over"
      else {
        socket.carried++
        this.#expect(socket, frame.calls)
      }
    }
    // All of it fits into one part.
    if (inParts) socket.connection.receive(`${frame.bytes.length}`)
    socket.connection.receive(frame.bytes)
    await turns()
  }

  /** What the Core does with the calls of the next frame. */
  #expect(socket: Socket, calls: readonly SealedCall[]): void {
    for (const { id, cmd, mark } of calls) {
      if (socket.inFlight.has(id)) {
        socket.state = "over"
        return
      }
      if (this.#isClosing) continue
      if (socket.inFlight.size >= LIMITS.callsInFlight) {
        socket.state = "over"
        return
      }
      if (cmd !== "none") socket.due.push(mark)
      if (cmd === "wait") socket.inFlight.set(id, mark)
    }
  }

  async #forge(socket: Socket | undefined, flaw: string): Promise<void> {
    if (socket === undefined || socket.state !== "session") return
    const other = this.#sockets.find((one) => one !== socket && one.grant !== null)?.grant ?? null
    const forged = forgery(flaw, socket, other)
    socket.state = "over"
    socket.connection.receive(forged)
    await turns()
  }

  #drop(socket: Socket | undefined): void {
    if (socket === undefined) return
    // Of a stranger that goes nothing is left to close.
    if (socket.state === "stranger") socket.connection.closed = { code: 1006, reason: "gone" }
    socket.state = "over"
    socket.connection.drop()
  }

  #closeWindow(window: Window | undefined): void {
    if (window === undefined) return
    this.#core.windowClosed(window.observer)
    window.isClosed = true
    this.#endAll(window)
  }

  #endAll(window: Window): void {
    for (const socket of this.#sockets) if (socket.window === window) socket.state = "over"
  }

  async #pass(ms: number): Promise<void> {
    this.#time += ms
    mock.timers.tick(ms)
    for (const stranger of this.#strangers())
      if (this.#time >= stranger.since + LIMITS.helloTimeoutMs) {
        stranger.state = "over"
        stranger.connection.drop()
      }
    await turns()
  }
}
