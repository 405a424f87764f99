import { normalizeHeaders } from "../wire/headers.ts"
import type { SandboxLimits } from "../wire/messages.ts"
import { exceedsNesting } from "../wire/parse.ts"
import { encoder } from "../wire/payload.ts"
import { rawBytes, serialize } from "../wire/serialize.ts"
import type { PassedCall } from "./call-batcher.ts"
import type { CallView } from "./hook-payload.ts"
import { HookRejection } from "./hook-rejection.ts"
import { type IncomingCall, presentCall, readHookResult } from "./hook-result.ts"
import type { HookOutcome, HookRunner } from "./hook-runner.ts"
import { safeToString } from "./safe-to-string.ts"

/** Bytes of a frame's JSON that are not its calls: names, brackets, the table of blobs, an index. */
const ENVELOPE_BYTES = 255

/** Who hears what becomes of a call: exactly one of the two, once. */
export interface Verdict {
  pass(call: PassedCall): void
  refuse(call: IncomingCall, reason: HookRejection): void
}

/** Takes one call past the hook and hands what the hook made of it to be sealed. */
export function passCall(call: IncomingCall, hook: HookRunner, limits: SandboxLimits, verdict: Verdict): void {
  const guarded = new GuardedCall(call, limits, verdict)
  hook.run(guarded.presented.view, guarded)
}

class GuardedCall implements HookOutcome {
  readonly presented: CallView
  readonly #call: IncomingCall
  readonly #limits: SandboxLimits
  readonly #verdict: Verdict

  constructor(call: IncomingCall, limits: SandboxLimits, verdict: Verdict) {
    this.presented = presentCall(call)
    this.#call = call
    this.#limits = limits
    this.#verdict = verdict
  }

  passed(result: unknown): void {
    try {
      const passed = this.#judge(result)
      if (isLongerThan(passed.tuple, this.#limits.jsonBytes - ENVELOPE_BYTES)) throw new HookRejection("JSON_TOO_LARGE")
      this.#verdict.pass(passed)
    } catch (error) {
      this.refused(
        error instanceof HookRejection
          ? error
          : new HookRejection(
              "HOOK_INVALID_RETURN",
              safeToString(() => error),
            ),
      )
    }
  }

  refused(reason: HookRejection): void {
    this.#verdict.refuse(this.#call, reason)
  }

  #judge(result: unknown): PassedCall {
    const { json, cmd } = this.#call
    const isAsItCame = json !== null && result === this.presented.view && this.presented.isStill(cmd)
    return isAsItCame ? { tuple: json, blob: null } : serializeResult(result, this.#call, this.#limits)
  }
}

/** The one serialization: what comes out of here is what is sealed, and nothing reads the hook's object again. */
function serializeResult(result: unknown, original: IncomingCall, limits: SandboxLimits): PassedCall {
  const { cmd, args, headers } = readHookResult(result, original)
  const raw = rawBytes(args)
  if (raw !== null && raw.length > limits.blobBytes) throw new HookRejection("BLOB_TOO_LARGE")
  const json = raw === null ? serialize(args) : "null"
  if (exceedsNesting(json, limits.nesting)) throw new HookRejection("NESTING_TOO_DEEP")
  let tuple = `[${original.id},${JSON.stringify(cmd)},${json}`
  const normalized = normalizeHeaders(headers)
  if (raw !== null || normalized !== null) tuple += `,${JSON.stringify(normalized)}`
  return { tuple: `${tuple}]`, blob: raw }
}

/** Whether a text takes more bytes of UTF-8; only a text that might is encoded to find out. */
function isLongerThan(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && encoder.encode(text).length > bytes
}
