import type { FrameGrant } from "../boundary/core/frame-tickets.ts"
import type { WindowGrant } from "../boundary/core/window-registry.ts"
import type { Connection } from "./connection.ts"

/** The Core as a server sees it: every way in, and nothing else. */
export interface Gate {
  readonly pattern: "isolation" | "brownfield"
  /** Trades a one-time launch ticket for a window; `null` when it is unknown, spent or expired. */
  redeemLaunchTicket(ticket: string): WindowGrant | null
  /** Whether a window of this number has been opened and not been closed. */
  hasWindow(number: number): boolean
  /**
   * Trades a one-time frame ticket for what the isolation document needs; `null` when unknown, spent, expired, or made for
   * another origin than `origin`. It is spent in any case. Synchronous: a second call gets nothing.
   */
  redeemFrameTicket(ticket: string, origin: string): FrameGrant | null
  /**
   * Takes over a connection whose origin the server has checked, and waits for its hello.
   *
   * @param isolationOrigin where the frames of a window load from, by the window's number
   */
  accept(connection: Connection, isolationOrigin: (window: number) => string): void
  /** Reports a request that was turned away, for the audit. */
  refused(reason: string, detail: Readonly<Record<string, string | number>>): void
}
