/**
 * Frame tickets: bearer tokens for the key of a session.
 *
 * Promises that a session's key is handed out at most once, in time, at its window's isolation origin, while the session lives. Stops
 * N2, N9 and P29: the page knows the ticket, so a second redemption, one at another origin, or one after the session's end gives
 * nothing.
 */
import type { Limits } from "../wire/limits.ts"
import type { SealedSession } from "./sealed-session.ts"
import { Tickets } from "./tickets.ts"

/** Data that an isolation document carries into its frame: made for one session, handed out once. */
export interface FrameGrant {
  /** Session id, 16 bytes. */
  readonly session: Uint8Array
  /** The session's sealing key, 32 bytes. Filled with zeros when the session ends. */
  readonly key: Uint8Array
  readonly label: string
  readonly limits: Pick<Limits, "jsonBytes" | "blobBytes" | "nesting" | "hookTimeoutMs">
}

/** The frame of one session. */
interface Frame {
  readonly session: SealedSession
  /** The only isolation origin at which its ticket is valid. */
  readonly origin: string
  readonly grant: FrameGrant
  /** Called when the grant is handed out. */
  readonly served: () => void
}

export class FrameTickets {
  readonly #tickets: Tickets<Frame>

  constructor(lifetimeMs: number) {
    this.#tickets = new Tickets(lifetimeMs)
  }

  issue(frame: Frame): string {
    return this.#tickets.issue(frame)
  }

  /** Returns what the isolation document needs, or `null`. The ticket is spent in any case. */
  redeem(ticket: string, origin: string): FrameGrant | null {
    const frame = this.#tickets.redeem(ticket)
    // A ticket that is redeemed at another origin has leaked: it stays spent.
    if (frame === null || frame.origin !== origin || frame.session.isOver) return null
    frame.served()
    return frame.grant
  }

  revoke(ticket: string): void {
    this.#tickets.revoke(ticket)
  }
}
