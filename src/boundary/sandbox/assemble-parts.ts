/**
 * Hands on what comes, and parts as the one buffer that they were (docs/protocol.md, "Parts"). The page may be an attacker's: what does
 * not fit is dropped, and the call that names it is one without bytes.
 *
 * @param limit bytes of the largest raw argument
 */
export function assembleParts(limit: number, receive: (message: unknown) => void): (message: unknown) => void {
  let whole: Uint8Array<ArrayBuffer> | null = null
  let length = 0
  return (message) => {
    if (typeof message === "number") {
      whole = message > 0 && message <= limit ? new Uint8Array(message) : null
      length = 0
    } else if (whole !== null && message instanceof ArrayBuffer) {
      if (message.byteLength <= whole.length - length) whole.set(new Uint8Array(message), length)
      length += message.byteLength
      if (length === whole.length) receive(whole.buffer)
      if (length >= whole.length) whole = null
    } else {
      whole = null
      receive(message)
    }
  }
}
