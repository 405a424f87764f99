/**
 * Reads what the hook returned as a call.
 *
 * Promises that the hook's answer has one meaning: what it did not return is not sealed, and an answer with two meanings is rejected.
 * Stops P30 (a change in one form of the arguments only), P15 (getters that answer differently when asked again) and P31 (members from a
 * polluted prototype).
 */

import { Rejection } from "../wire/errors.ts"
import { own } from "../wire/own.ts"
import type { CallRequest } from "./batch.ts"
import { calls, isLive, isObject, isRecord, withoutReserved } from "./hook-payload.ts"

/** The call that a hook returned, before it is serialized. */
export interface HookResult {
  readonly cmd: string
  readonly args: unknown
  readonly headers: unknown
}

/**
 * Returns the meaning of a hook's return value. Throws a `Rejection`: `HOOK_REFUSED` for an `Error`, `HOOK_INVALID_RETURN` for what
 * is no call or has two meanings. Reads each property once.
 */
export function readHookResult(result: unknown, request: CallRequest): HookResult {
  if (result instanceof Error) throw new Rejection("HOOK_REFUSED", result.message)
  if (!isObject(result)) throw invalid(`it is ${result === null ? "null" : typeof result}`)
  const call = calls.get(result)
  // Own properties, as in Tauri, which clones what the hook returned: a hook may have let the page write to `Object.prototype`.
  const cmd = own(call ?? result, "cmd")
  const options = own(call ?? result, "options")
  if (typeof cmd !== "string") throw invalid("its cmd is no string")
  const args = call !== undefined && isLive(call) ? call.payload : readArguments(call ?? result, request)
  return { cmd, args, headers: isObject(options) ? own(options, "headers") : undefined }
}

function readArguments(result: object, { args }: CallRequest): unknown {
  const flat = withoutReserved(result)
  const descriptor = Object.getOwnPropertyDescriptor(result, "payload")
  if (descriptor === undefined) return flat
  const { payload } = result as { payload: unknown }
  // Flat arguments beside `payload` come from copying what the hook was given; changed ones would be a second answer.
  // Where `payload` is hidden (frozen, in a proxy, a copy of its descriptors), the hook may not know of it: there a flat argument that
  // is gone is an answer, too.
  const given = withoutReserved(isRecord(args) ? args : {})
  const names = Object.keys(descriptor.enumerable ? flat : { ...given, ...flat })
  const changed = names.filter((name) => !Object.is(flat[name], given[name]))
  if (changed.length === 0) return payload
  // The same change in both forms. Compared with a copy, which is what is sealed then; only if the payload is no more than its own properties.
  const copy = descriptor.enumerable || !isPlain(payload) ? null : { ...payload }
  const other = copy === null ? changed[0] : changed.find((name) => !Object.is(flat[name], own(copy, name)))
  if (other !== undefined) throw invalid(`"${other}" stands beside "payload", and both are arguments`)
  return copy
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && Object.getPrototypeOf(value) === Object.prototype
}

function invalid(detail: string): Rejection {
  return new Rejection("HOOK_INVALID_RETURN", detail)
}
