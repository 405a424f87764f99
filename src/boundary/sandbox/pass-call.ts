/**
 * Takes one call from the batch past the hook: payload, run, result, serialization.
 *
 * Promises that what the hook returned is what is sealed. There is one serialization, and the hook's object is not read again after it.
 * Stops P15 (values that change between check and seal), P16 (lone surrogates, what is too large) and P24 (results that are no call).
 */

import { Rejection } from "../wire/errors.ts"
import { normalizeHeaders } from "../wire/headers.ts"
import { RECORD_OVERHEAD } from "../wire/limits.ts"
import type { SandboxLimits, SandboxSession } from "../wire/messages.ts"
import { exceedsNesting } from "../wire/parse.ts"
import { encoder } from "../wire/payload.ts"
import { rawBytes, serialize } from "../wire/serialize.ts"
import type { CallRequest } from "./batch.ts"
import type { PassedCall } from "./call-batcher.ts"
import { createHookPayload } from "./hook-payload.ts"
import { type HookResult, readHookResult } from "./hook-result.ts"
import { runHook } from "./hook-runner.ts"
import { safeToString } from "./safe-to-string.ts"

/** Calls exactly one of `pass` and `reject`, once. */
export function passCall(
  request: CallRequest,
  { label, limits }: Pick<SandboxSession, "label" | "limits">,
  pass: (call: PassedCall) => void,
  reject: (rejection: Rejection) => void,
): void {
  const seal = (result: unknown): void => {
    try {
      pass(serializeCall(request.id, readHookResult(result, request), limits))
    } catch (error) {
      const detail = safeToString(() => error)
      reject(error instanceof Rejection ? error : new Rejection("HOOK_INVALID_RETURN", detail))
    }
  }
  runHook(createHookPayload(request), label, limits.hookTimeoutMs, seal, reject)
}

function serializeCall(id: number, { cmd, args, headers }: HookResult, limits: SandboxLimits): PassedCall {
  const blob = rawBytes(args)
  if (blob !== null && blob.length > limits.blobBytes) throw new Rejection("BLOB_TOO_LARGE")
  const json = blob === null ? serialize(args) : "null"
  if (exceedsNesting(json, limits.nesting)) throw new Rejection("NESTING_TOO_DEEP")
  const normalized = normalizeHeaders(headers)
  const slots = blob === null && normalized === null ? "" : `,${JSON.stringify(normalized)}`
  const tuple = `[${id},${JSON.stringify(cmd)},${json}${slots}]`
  if (encoder.encode(tuple).length > limits.jsonBytes - RECORD_OVERHEAD) throw new Rejection("JSON_TOO_LARGE")
  return { tuple, blob }
}
