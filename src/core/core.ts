import { type FrameGrant, FrameTickets } from "../boundary/core/frame-tickets.ts"
import { LaunchKey } from "../boundary/core/launch-key.ts"
import { RecordOpener } from "../boundary/core/record-opener.ts"
import {
  type Redemption,
  type WindowGrant,
  type WindowIdentity,
  type WindowObserver,
  WindowRegistry,
  type WindowView,
} from "../boundary/core/window-registry.ts"
import type { Limits } from "../boundary/wire/limits.ts"
import { CLOSE } from "../protocol/close-codes.ts"
import type { Welcome } from "../protocol/page-messages.ts"
import type { Access } from "./access.ts"
import type { Commands } from "./command.ts"
import type { Connection } from "./connection.ts"
import { decided } from "./decisions.ts"
import { Dispatcher } from "./dispatcher.ts"
import { Events } from "./events.ts"
import type { Gate } from "./gate.ts"
import { Handshakes, type Rejection } from "./handshake.ts"
import { printable } from "./printable.ts"
import { Session } from "./session.ts"
import { TimeSlices } from "./time-slices.ts"
import { WindowMemory } from "./window-memory.ts"
import { WindowNumbers } from "./window-numbers.ts"

/** How long running commands have to end when the app closes, in ms. */
const WIND_DOWN_MS = 5000

export interface CoreOptions {
  /** The app's, and its plugins' as `plugin:<plugin>|<command>`. */
  readonly commands: Commands
  /** Default: every window may call every command. */
  readonly access?: Access | undefined
  /** Default: nobody listens yet. */
  readonly events?: Events | undefined
  readonly pattern: "isolation" | "brownfield"
  readonly limits: Limits
  /** For a person: what the isolation app's console says, and what keeps it from working. */
  readonly log: (line: string) => void
  /** A clock, in ms: how long each window may work at a time. Default: the process's. */
  readonly now?: (() => number) | undefined
}

/** A window's time on the Core's thread, and its part of the Core's memory. */
interface Shares {
  readonly slices: TimeSlices
  readonly memory: WindowMemory
}

/** Everything behind the server: who may come in, their sessions, and what their calls run. */
export class Core implements Gate {
  readonly pattern: "isolation" | "brownfield"
  readonly #launchKey = new LaunchKey()
  readonly #limits: Limits
  readonly #log: (line: string) => void
  readonly #now: () => number
  readonly #dispatcher: Dispatcher
  readonly #events: Events
  readonly #windows = new WindowRegistry()
  readonly #numbers = new WindowNumbers()
  readonly #frames: FrameTickets
  readonly #handshakes: Handshakes
  readonly #sessions = new Map<Session, WindowIdentity>()
  /** What the sessions of each window share. */
  readonly #shares = new WeakMap<WindowIdentity, Shares>()
  /** What looks after sessions that were served their frame: it must not keep those that are over. */
  readonly #watches = new Map<Session, ReturnType<typeof setTimeout>>()
  #closing = false

  constructor({ commands, access, events, pattern, limits, log, now }: CoreOptions) {
    this.pattern = pattern
    this.#limits = limits
    this.#log = log
    this.#now = now ?? (() => performance.now())
    this.#dispatcher = new Dispatcher(commands, access)
    this.#events = events ?? new Events(log)
    this.#frames = new FrameTickets(limits.frameTimeoutMs)
    this.#handshakes = new Handshakes(limits)
  }

  /** A launch ticket for a new window; `observer` hears what becomes of it. */
  launch(label: string, view: WindowView, observer: WindowObserver): string {
    return this.#windows.launch({ number: this.#numbers.take(observer), label, observer }, view)
  }

  /** Takes over a window from the Core that ran before this one. */
  adopt(redemption: Redemption, { label, observer }: Omit<WindowIdentity, "number">): void {
    this.#windows.adopt(redemption, { number: this.#numbers.take(observer), label, observer })
  }

  /** Has the pages of a window load themselves again. */
  reload(observer: WindowObserver): void {
    for (const [session, identity] of this.#sessions) if (identity.observer === observer) session.ask("reload")
  }

  /** Asks the pages of a window to close it. */
  askToClose(observer: WindowObserver): void {
    for (const [session, identity] of this.#sessions) if (identity.observer === observer) session.ask("close")
  }

  /** Asks the pages of a window to get the focus. */
  askToFocus(observer: WindowObserver): void {
    for (const [session, identity] of this.#sessions) if (identity.observer === observer) session.ask("set_focus")
  }

  /** A window is closed: what is left of it ends, and comes back no more. */
  windowClosed(observer: WindowObserver): void {
    this.#windows.close(observer)
    this.#numbers.give(observer)
    for (const [session, identity] of this.#sessions)
      if (identity.observer === observer) session.end(CLOSE.CREDENTIAL_UNKNOWN, "the app has closed this window")
  }

  redeemLaunchTicket(ticket: string): WindowGrant | null {
    const result = this.#windows.redeem(ticket)
    if (result === null) return null
    if (isReused(result)) {
      decided({ kind: "launch-ticket-reused", window: result.reused.label })
      for (const [session, identity] of this.#sessions)
        if (identity === result.reused) session.end(CLOSE.CREDENTIAL_UNKNOWN, "its launch link was used a second time")
      return null
    }
    decided({ kind: "window-opened", window: result.label })
    return result
  }

  hasWindow(number: number): boolean {
    return this.#numbers.has(number)
  }

  redeemFrameTicket(ticket: string, origin: string): FrameGrant | null {
    return this.#frames.redeem(ticket, origin)
  }

  refused(reason: string, detail: Readonly<Record<string, string | number>>): void {
    decided({ ...detail, kind: "request-refused", reason })
  }

  accept(connection: Connection, isolationOrigin: (window: number) => string): void {
    if (this.#closing) return connection.close(CLOSE.CLOSING, "the app is closing")
    this.#handshakes.begin(connection, (credential) => {
      const identity = this.#windows.identify(credential)
      const rejection = this.#whyNot(identity)
      if (identity !== null && rejection === null) this.#begin(connection, identity, isolationOrigin(identity.number))
      return rejection
    })
  }

  #whyNot(identity: WindowIdentity | null): Rejection | null {
    const { sessions, sessionsPerWindow } = this.#limits
    if (identity === null) {
      const reason = "the app does not know this window: open it from the app again"
      return { code: CLOSE.CREDENTIAL_UNKNOWN, reason }
    }
    if (this.#sessions.size >= sessions || this.#countSessions(identity) >= sessionsPerWindow)
      return { code: CLOSE.TOO_MANY_SESSIONS, reason: "too many sessions" }
    return null
  }

  #begin(connection: Connection, identity: WindowIdentity, origin: string): void {
    const { id, key } = this.#launchKey.newSession()
    const name = Buffer.from(id).toString("base64url")
    const { label } = identity
    let ticket: string | null = null
    const session = new Session({
      name,
      label,
      connection,
      dispatcher: this.#dispatcher,
      events: this.#events,
      limits: this.#limits,
      ...this.#sharesOf(identity),
      opener: this.pattern === "isolation" ? new RecordOpener(key, id) : null,
      log: (line) => this.#log(`[isolation ${label}] ${printable(line)}`),
      ended: () => {
        if (ticket !== null) this.#frames.revoke(ticket)
        this.#sessions.delete(session)
        clearTimeout(this.#watches.get(session))
        this.#watches.delete(session)
        identity.observer.sessions(this.#countSessions(identity))
      },
    })
    if (this.pattern === "isolation") {
      const grant = { session: id, key, label, limits: this.#limits }
      const served = (): void => this.#watchForSilence(session)
      ticket = this.#frames.issue({ session: session.sealed, origin, grant, served })
    }
    this.#sessions.set(session, identity)
    decided({ kind: "session-started", window: label, session: name })
    identity.observer.sessions(this.#countSessions(identity))
    connection.onMessage = (message) => session.receive(message)
    connection.onClose = (reason) => {
      if (reason !== undefined) this.#log(`the session of the window "${label}" ends: ${reason}`)
      session.gone(reason)
    }
    const { jsonBytes, nesting, blobBytes, callsInFlight, bytesInFlight, frameTimeoutMs } = this.#limits
    const forPage = { blobBytes, callsInFlight, bytesInFlight, frameTimeoutMs }
    const welcome: Welcome = {
      session: name,
      label,
      pattern: this.pattern,
      frame: ticket === null ? null : `${origin}/${ticket}`,
      limits: ticket === null ? { jsonBytes, nesting, ...forPage } : forPage,
    }
    connection.send(JSON.stringify(welcome))
  }

  /** A page can keep its sandbox from being heard, but not unnoticed. */
  #watchForSilence(session: Session): void {
    const timer = setTimeout(() => {
      this.#watches.delete(session)
      if (!session.sealed.hasSealed) decided({ kind: "session-silent", window: session.label, session: session.name })
    }, this.#limits.frameTimeoutMs)
    timer.unref()
    this.#watches.set(session, timer)
  }

  #sharesOf(identity: WindowIdentity): Shares {
    const shares = this.#shares.get(identity) ?? {
      slices: new TimeSlices(this.#now),
      memory: new WindowMemory(this.#limits.bytesInFlight),
    }
    this.#shares.set(identity, shares)
    return shares
  }

  #countSessions(identity: WindowIdentity): number {
    let count = 0
    for (const other of this.#sessions.values()) if (other === identity) count++
    return count
  }

  /** Ends every session: commands that run get the signal at once and five seconds to end; then the connections close. */
  async close(): Promise<void> {
    this.#closing = true
    this.#handshakes.close()
    const sessions = [...this.#sessions.keys()]
    const idle = Promise.all(sessions.map((session) => session.windDown()))
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, WIND_DOWN_MS)
    })
    await Promise.race([idle, late])
    clearTimeout(timer)
    for (const session of sessions) session.end(CLOSE.CLOSING, "the app is closing")
    this.#launchKey.wipe()
  }
}

function isReused(
  result: NonNullable<ReturnType<WindowRegistry["redeem"]>>,
): result is { readonly reused: WindowIdentity } {
  return Object.hasOwn(result, "reused")
}
