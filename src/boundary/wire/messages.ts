/** What the realms say to each other. docs/protocol.md says the same in words. */

/** Page to Core, text, once: the first message on a socket. */
export interface Hello {
  readonly hello: number
  readonly credential: string
}

/** Core to page, text, once: the answer to `Hello`. */
export interface Welcome {
  /** Session id, base64url of 16 bytes. */
  readonly session: string
  readonly label: string
  readonly pattern: "isolation" | "brownfield"
  /** Where the isolation document is, once; `null` for brownfield. */
  readonly frame: string | null
  /** What the bridge holds itself to, so that excess gets an error instead of ending the session. */
  readonly limits: PageLimits
}

export interface PageLimits {
  /** In brownfield only: in isolation the sandbox decides, by what the hook has made of the call. */
  readonly jsonBytes?: number
  readonly nesting?: number
  readonly blobBytes: number
  readonly callsInFlight: number
  readonly bytesInFlight: number
  readonly frameTimeoutMs: number
}

/** In the isolation document's data element, JSON. Bytes are lists of numbers: unlike a string, a list can be wiped. */
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

export interface SandboxLimits {
  readonly jsonBytes: number
  readonly blobBytes: number
  readonly nesting: number
  readonly hookTimeoutMs: number
}

/**
 * A call. `blob` is the index of the raw argument among the payload's blobs; then `args` is `null`. It has a slot of its
 * own so that no JSON can imitate raw bytes. Trailing slots that are `null` may be left out.
 */
export type Call = readonly [id: number, cmd: string, args: unknown, headers?: Headers | null, blob?: number | null]

/** Request headers: names in lower case. */
export type Headers = Readonly<Record<string, string>>

/** A call that the hook or the sandbox turned away, for the Core's audit: nothing of it is run. */
export type RefusedCall = readonly [id: number, cmd: string, code: string, reason: string]

/** A line of the isolation app's console. */
export type LogLine = readonly [level: "debug" | "info" | "log" | "warn" | "error", text: string]

/** What the sandbox found when its document had loaded: the first thing it seals. */
export type HookState = "function" | "null" | "missing"

/** JSON of a payload to the Core. Brownfield pages send `calls` only. */
export interface CallPayload {
  readonly hook?: HookState
  readonly calls?: readonly Call[]
  readonly refused?: readonly RefusedCall[]
  readonly logs?: readonly LogLine[]
  readonly blobs?: readonly number[]
}

/**
 * The answer to a call: `ok` 1 resolves with `value`, 0 rejects with it. With 2 the page does what `value`, an `Operation`,
 * says, and settles the call with what comes of that; for id 0 the Core asks by itself, and nobody waits. With 3 the call did not
 * run: `value` is a code and what it adds, as in `PortMessage.refused`.
 */
export type Reply = readonly [id: number, ok: 0 | 1 | 2 | 3, value: unknown, blob?: number]

/** A message of a channel, for the page's callback `id`. `index` counts from 0. */
export type ChannelMessage = readonly [id: number, index: number, message: unknown, blob?: number]

/** The end of a channel that has sent `count` messages. */
export type ChannelEnd = readonly [id: number, count: number]

/** An event, for each of the page's listeners in `ids`. */
export type EventMessage = readonly [event: string, payload: unknown, ids: readonly number[]]

/** JSON of a payload to the page. The page takes its lists in this order: what a command sent comes before its answer. */
export interface PagePayload {
  readonly events?: readonly EventMessage[]
  readonly channels?: readonly ChannelMessage[]
  readonly ends?: readonly ChannelEnd[]
  readonly replies?: readonly Reply[]
  readonly blobs?: readonly number[]
}

/**
 * Sandbox to page over the port, as JSON text; sealed frames go as `ArrayBuffer`s. Page to sandbox: a batch of calls as
 * one JSON text (`Call[]`), each raw argument before it as an `ArrayBuffer` of its own.
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

/** Id of the element in the isolation document that carries the session's data into the frame. */
export const SESSION_ELEMENT = "sallyport-session"
