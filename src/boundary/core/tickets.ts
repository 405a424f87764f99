/**
 * One-time bearer tokens of 256 bits, each for a value.
 *
 * Promises that a ticket gives its value at most once, and never after its lifetime or its revocation. Stops N3, N4, N9 and P29: a
 * ticket that is guessed, and one that a script or process has seen and uses again. Tickets are kept by their hash: the time of a
 * look-up tells nothing about a ticket, and this table holds none that could be used.
 */
import { createHash, randomBytes } from "node:crypto"

export class Tickets<Value> {
  readonly #lifetimeMs: number
  readonly #now: () => number
  readonly #valid = new Map<string, { readonly value: Value; readonly expires: number }>()

  constructor(lifetimeMs: number, now: () => number = () => performance.now()) {
    this.#lifetimeMs = lifetimeMs
    this.#now = now
  }

  /** Makes a ticket: 43 characters of base64url. */
  issue(value: Value): string {
    this.#dropExpired()
    const ticket = randomToken()
    this.#valid.set(tokenHash(ticket), { value, expires: this.#now() + this.#lifetimeMs })
    return ticket
  }

  /** Returns the ticket's value once; `null` when the ticket is unknown, redeemed, revoked or expired. */
  redeem(ticket: string): Value | null {
    const hash = tokenHash(ticket)
    const found = this.#valid.get(hash)
    if (found === undefined) return null
    this.#valid.delete(hash)
    return found.expires > this.#now() ? found.value : null
  }

  revoke(ticket: string): void {
    this.#valid.delete(tokenHash(ticket))
  }

  #dropExpired(): void {
    const now = this.#now()
    // All have the same lifetime, so they expire in the order in which they were made.
    for (const [hash, { expires }] of this.#valid) {
      if (expires > now) return
      this.#valid.delete(hash)
    }
  }
}

/** Makes 256 random bits, base64url. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url")
}

export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("base64")
}
