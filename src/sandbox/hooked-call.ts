import type { Headers as HeaderRecord } from "../protocol/messages.ts"
import { CallView, type HookedCall, isRecord, readView, withoutReserved } from "./call-view.ts"
import { Refusal } from "./refusal.ts"

/** A call as it came out of the batch: parsed, not yet seen by the hook. */
export interface IncomingCall {
  readonly id: number
  readonly cmd: string
  /** What JSON can hold, or an `ArrayBuffer` for a raw argument. */
  readonly args: unknown
  readonly headers: HeaderRecord | null
}

/** The object a hook is given. Bytes, arrays and bare values have no names to flatten: `payload` then is an ordinary property. */
export function presentCall({ id, cmd, args, headers }: IncomingCall): object {
  const options = headers === null ? undefined : { headers }
  return isRecord(args)
    ? new CallView(id, cmd, args, options)
    : { cmd, callback: id, error: id, payload: args, options }
}

/**
 * What a hook's return value means. What the hook did not return is not forwarded. Throws a `Refusal`:
 * `HOOK_REFUSED` for an `Error`, `HOOK_INVALID_RETURN` for what is no call or says two things at once.
 */
export function readHookResult(result: unknown, original: IncomingCall): HookedCall {
  if (result instanceof Error) throw new Refusal("HOOK_REFUSED", result.message)
  if (typeof result !== "object" || result === null) throw invalid(`it is ${result === null ? "null" : typeof result}`)
  const call = readView(result) ?? readOther(result, original)
  if (typeof call.cmd !== "string") throw invalid("its cmd is no string")
  return call
}

function readOther(result: object, original: IncomingCall): HookedCall {
  const { cmd, options } = result as { cmd?: unknown; options?: { headers?: unknown } | null }
  const flat = withoutReserved(result)
  const headers = options?.headers
  if (!Object.hasOwn(result, "payload")) return { cmd, args: flat, headers }
  // Flat arguments beside `payload` come from spreading what the hook was given; changed ones would be a second answer.
  for (const name of Object.keys(flat)) {
    if (!isRecord(original.args) || !Object.hasOwn(original.args, name) || !Object.is(original.args[name], flat[name]))
      throw invalid(`"${name}" stands beside "payload", and both are arguments`)
  }
  return { cmd, args: (result as { payload: unknown }).payload, headers }
}

function invalid(detail: string): Refusal {
  return new Refusal("HOOK_INVALID_RETURN", detail)
}
