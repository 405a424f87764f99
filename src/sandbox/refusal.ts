import { ERRORS, type ErrorCode } from "../protocol/errors.ts"

/** A call that goes no further: its code, and what the page is told. */
export class Refusal extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, detail?: string) {
    super(detail ?? ERRORS[code])
    this.code = code
  }
}
