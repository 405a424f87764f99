import { randomBytes, timingSafeEqual } from "node:crypto"

/**
 * Hides the app's assets from other processes; one value per launch. It is no boundary: cookies know no ports, so servers
 * on other local ports receive it and can overwrite it. Calls never depend on it alone.
 */
export class GateCookie {
  readonly #name: string
  readonly #value: string

  /** @param value default: a new one */
  constructor(port: number, value: string = randomBytes(32).toString("base64url")) {
    this.#name = `sallyport-${port}`
    this.#value = value
  }

  get value(): string {
    return this.#value
  }

  /** For `Set-Cookie` (RFC 6265bis). */
  get header(): string {
    return `${this.#name}=${this.#value}; Path=/; HttpOnly; SameSite=Strict`
  }

  /** Whether a `Cookie` header holds it. A neighbor may have set others of its name: any that matches counts. */
  isIn(header: string | undefined): boolean {
    return pairs(header).some(([name, value]) => name === this.#name && isSame(value, this.#value))
  }

  /** A `Cookie` header without it, for servers that it does not concern; `undefined` when nothing is left. */
  without(header: string | undefined): string | undefined {
    const others = pairs(header).filter(([name]) => name !== this.#name)
    return others.length === 0 ? undefined : others.map(([name, value]) => `${name}=${value}`).join("; ")
  }
}

/**
 * Whether a `Set-Cookie` sets or deletes a gate cookie, however it is spelled: of this app, or (cookies know no ports) of
 * another one. A name begins behind spaces and tabs, and a cookie without a name is sent as its value alone (RFC 6265bis, 5.6).
 */
export function setsGateCookie(header: string): boolean {
  return /^[\s=]*"?sallyport-/i.test(header)
}

function pairs(header: string | undefined): [name: string, value: string][] {
  if (header === undefined) return []
  return header.split(";").map((pair) => {
    const [name = "", ...value] = pair.trim().split("=")
    return [name, value.join("=")]
  })
}

/** Takes as long wherever they differ. That they are as long is no secret: every value has 43 characters. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
