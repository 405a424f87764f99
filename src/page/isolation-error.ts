import { ERRORS, type ErrorCode } from "../boundary/wire/errors.ts"

/** What `invoke()` rejects with when a call was not answered by a command: `code` says why. */
export class IsolationError extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string = ERRORS[code]) {
    super(message)
    this.name = "IsolationError"
    this.code = code
  }
}
