/**
 * Messages between page, sandbox and Core on the way of a call; docs/protocol.md has the same in words. What the Core sends to the page is in
 * src/protocol/page-messages.ts.
 *
 * Promises that sandbox and Core agree on every slot of a call, so that none reads as another thing than the hook saw. Stops P24.
 */
import type { Limits } from "./limits.ts"

/** The isolation document's data element, as JSON. Bytes are lists of numbers: unlike a string, a list can be wiped. */
export interface SandboxSession {
  /** Session id, 16 bytes. */
  readonly session: readonly number[]
  /** Sealing key, 32 bytes. */
  readonly key: number[]
  readonly label: string
  readonly limits: SandboxLimits
  /** The app origin: the only page that gets the port. */
  readonly parent: string
}

export type SandboxLimits = Pick<Limits, "jsonBytes" | "blobBytes" | "nesting" | "hookTimeoutMs">

/** Id of the data element. */
export const SESSION_ELEMENT = "sallyport-session"

/**
 * A call. `blob` is the index of the raw argument among the payload's blobs; then `args` is `null`. It has a slot of its
 * own so that no JSON can imitate raw bytes. Trailing slots that are `null` may be left out.
 */
export type Call = readonly [id: number, cmd: string, args: unknown, headers?: Headers | null, blob?: number | null]

/** Request headers: names in lower case. */
export type Headers = Readonly<Record<string, string>>

/** A call that the hook or the sandbox rejected, for the Core's audit: nothing of it is run. */
export type RefusedCall = readonly [id: number, cmd: string, code: string, reason: string]

/** A line of the isolation app's console. */
export type LogLine = readonly [level: "debug" | "info" | "log" | "warn" | "error", text: string]

/** What the isolation app has set when its document has loaded: the sandbox seals it first. */
export type HookState = "function" | "null" | "missing"

/**
 * Sandbox to page over the port, as JSON text; records go as `ArrayBuffer`s. Page to sandbox: a batch of calls as one JSON text
 * (`Call[]`), each raw argument before it as an `ArrayBuffer` of its own. A number announces the length of what follows in parts.
 */
export interface PortMessage {
  /** The hook is in place: calls may come. */
  readonly ready?: true
  /** This session's sandbox will never take a call. */
  readonly failed?: readonly [code: string, message: string]
  /** The oldest batch has been taken: the next may come. */
  readonly taken?: true
  readonly refused?: readonly (readonly [id: number, code: string, message: string])[]
}

/** The one `window` message of the handshake; it carries the port. */
export const PORT_MESSAGE = "sallyport-port"
