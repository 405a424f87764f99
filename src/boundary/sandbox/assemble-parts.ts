/**
 * Joins a raw argument that came in parts.
 *
 * Promises to allocate no more than the limit, once a buffer, and to hand on whole buffers only. Stops P16: lengths and parts that do not
 * fit, from a page that does not use our bridge.
 */

/**
 * Returns a function that passes messages on, and parts as the one buffer that they were (docs/protocol.md, "Parts"). Drops what does not
 * fit; the call that refers to it is one without bytes.
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
