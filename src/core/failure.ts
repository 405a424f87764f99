/** What a command returns to reject, with a type that its callers see: made by `fail()`. */
export class Failure<Reason> {
  readonly reason: Reason
  constructor(reason: Reason) {
    this.reason = reason
  }
}

/**
 * Rejects the call with a value: `return fail({ code: "NOT_FOUND", path })`. Unlike what is thrown it is part of the
 * command's type, so that `settle()` of `sallyport/client` knows it.
 *
 * @param reason what JSON can hold
 */
export function fail<const Reason>(reason: Reason): Failure<Reason> {
  return new Failure(reason)
}
