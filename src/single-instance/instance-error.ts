/** An app of this kind already runs and does not answer. Has no stack, because its message says all that a user can do. */
export class InstanceError extends Error {
  override readonly name = "InstanceError"

  constructor(message: string) {
    super(message)
    this.stack = `${this.name}: ${message}`
  }
}
