/** Messages between page and Core that no sandbox sees: types only. docs/protocol.md has the same in words. */
import type { Limits } from "../boundary/wire/limits.ts"

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

/** `jsonBytes` and `nesting` in brownfield only: in isolation the sandbox decides, by what the hook has made of the call. */
export type PageLimits = Pick<Limits, "blobBytes" | "callsInFlight" | "bytesInFlight" | "frameTimeoutMs"> &
  Partial<Pick<Limits, "jsonBytes" | "nesting">>

/**
 * The answer to a call: `ok` 1 resolves with `value`, 0 rejects with it. With 2 the page does what `value`, an `Operation`, says, and
 * settles the call with the result; for id 0 the Core asks by itself, and no call waits. With 3 the call did not run: `value` is a code
 * and what it adds, as in `PortMessage.refused`.
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
