import { own } from "../boundary/wire/own.ts"
import { PROTOCOL_VERSION } from "../boundary/wire/version.ts"

/** A credential has 43 characters; a stranger's first message needs no more room than this. */
const HELLO_CHARACTERS = 1024

/** The window credential of a socket's first message, or `null` when that is no hello of this protocol version. */
export function readHello(message: string | Uint8Array): string | null {
  if (typeof message !== "string" || message.length > HELLO_CHARACTERS) return null
  try {
    const parsed = JSON.parse(message)
    const credential = own(parsed, "credential")
    return own(parsed, "hello") === PROTOCOL_VERSION && typeof credential === "string" ? credential : null
  } catch {
    return null
  }
}
