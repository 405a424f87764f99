import type { ErrorCode } from "../wire/errors.ts"

/** A call that goes no further: its code, and as `message` what the code does not say. The texts of the codes are with those who print them. */
export class HookRejection extends Error {
  declare readonly code: ErrorCode
  constructor(code: ErrorCode, detail?: string) {
    super(detail)
    this.code = code
  }
}
