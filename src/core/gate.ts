import type { Connection } from "./connection.ts"

/** What an isolation document carries into its frame: made for one session, handed out once. */
export interface FrameGrant {
  /** Session id, 16 bytes. */
  readonly session: Uint8Array
  /** The session's sealing key, 32 bytes. Filled with zeros when the session ends. */
  readonly key: Uint8Array
  readonly label: string
  readonly limits: {
    readonly jsonBytes: number
    readonly blobBytes: number
    readonly nesting: number
    readonly hookTimeoutMs: number
  }
}

/** What redeeming a launch ticket gives the page: who it is, and where to go. */
export interface WindowGrant {
  readonly credential: string
  readonly label: string
  /** The window's title as configured; `null`: the page's own. */
  readonly title: string | null
  /** The window's address as configured, relative to the app origin: `index.html`, `/settings?tab=1`. */
  readonly url: string
}

/** The Core as a server sees it: every way in, and nothing else. */
export interface Gate {
  readonly pattern: "isolation" | "brownfield"
  /** Trades a one-time launch ticket for a window; `null` when it is unknown, spent or expired. */
  redeemLaunchTicket(ticket: string): WindowGrant | null
  /** Trades a one-time frame ticket for what the isolation document needs; `null` when unknown, spent or expired. Synchronous: a second call gets nothing. */
  redeemFrameTicket(ticket: string): FrameGrant | null
  /** Takes over a connection whose origin the server has checked, and waits for its hello. */
  accept(connection: Connection, frameUrl: (ticket: string) => string): void
  /** Reports a request that was turned away, for the audit. */
  refused(reason: string, detail: Readonly<Record<string, string | number>>): void
}
