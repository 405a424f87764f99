import type { Headers as HeaderRecord } from "../wire/messages.ts"
import { own } from "../wire/own.ts"
import {
  behindView,
  type CallView,
  createHookPayload,
  isLive,
  isObject,
  isRecord,
  withoutReserved,
} from "./hook-payload.ts"
import { HookRejection } from "./hook-rejection.ts"

/** A call as it came out of the batch: parsed, not yet seen by the hook. */
export interface IncomingCall {
  readonly id: number
  readonly cmd: string
  /** What JSON can hold, or an `ArrayBuffer` for a raw argument. */
  readonly args: unknown
  readonly headers: HeaderRecord | null
  /** The tuple's JSON as it came, where what was parsed is all that it says; otherwise `null`. */
  readonly json: string | null
}

/** What a hook's return value comes to: still to be serialized, once. */
export interface HookResult {
  readonly cmd: string
  readonly args: unknown
  readonly headers: unknown
}

/** What a hook is given. */
export function presentCall({ id, cmd, args, headers }: IncomingCall): CallView {
  return createHookPayload(id, cmd, args, headers === null ? undefined : { headers })
}

/**
 * What a hook's return value means. What the hook did not return is not forwarded. Throws a `HookRejection`:
 * `HOOK_REFUSED` for an `Error`, `HOOK_INVALID_RETURN` for what is no call or says two things at once. Reads each property once, so that
 * no getter and no proxy can show one call here and have another sealed.
 */
export function readHookResult(result: unknown, original: IncomingCall): HookResult {
  if (result instanceof Error) throw new HookRejection("HOOK_REFUSED", result.message)
  if (typeof result !== "object" || result === null) throw invalid(`it is ${result === null ? "null" : typeof result}`)
  const call = behindView(result)
  // Own properties, as in Tauri, which clones what the hook returned: a hook may have let the page write to `Object.prototype`.
  const cmd = own(call ?? result, "cmd")
  const options = own(call ?? result, "options")
  if (typeof cmd !== "string") throw invalid("its cmd is no string")
  const args = call !== null && isLive(call) ? call.payload : readArguments(call ?? result, original)
  return { cmd, args, headers: isObject(options) ? own(options, "headers") : undefined }
}

function readArguments(result: object, { args }: IncomingCall): unknown {
  const flat = withoutReserved(result)
  const descriptor = Object.getOwnPropertyDescriptor(result, "payload")
  if (descriptor === undefined) return flat
  const { payload } = result as { payload: unknown }
  // Flat arguments beside `payload` come from copying what the hook was given; changed ones would be a second answer.
  // Where `payload` is hidden (a frozen view, one in a proxy, a copy of its descriptors), the hook may not know of it:
  // there a flat argument that is gone is an answer, too.
  const given = withoutReserved(isRecord(args) ? args : {})
  const names = Object.keys(descriptor.enumerable ? flat : { ...given, ...flat })
  const changed = names.filter((name) => !Object.is(flat[name], given[name]))
  const [name] = changed
  if (name === undefined) return payload
  // The same change in both views. Compared with a copy, which is what is sealed then; not with what is more than its own properties.
  const copy = descriptor.enumerable || !isPlain(payload) ? null : { ...payload }
  const other = copy === null ? name : changed.find((name) => !Object.is(flat[name], own(copy, name)))
  if (other !== undefined) throw invalid(`"${other}" stands beside "payload", and both are arguments`)
  return copy
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && Object.getPrototypeOf(value) === Object.prototype
}

function invalid(detail: string): HookRejection {
  return new HookRejection("HOOK_INVALID_RETURN", detail)
}
