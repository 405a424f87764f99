/** The most bytes of a frame, or of a raw argument, that go from process to process in one message. */
export const PART_BYTES: number = 512 * 1024

/** A head that is none. */
export const NO_BYTES: Uint8Array = new Uint8Array()

/**
 * Posts `head` and `body`, one behind the other, and gives `body` away, which is all of its buffer. What is larger than a part goes
 * as its length and then in parts, all of them full but the last: while the next is made, the other side has one already, and
 * memory is used again instead of new.
 */
export function postBytes(
  head: Uint8Array,
  body: Uint8Array<ArrayBuffer>,
  partBytes: number,
  post: (message: number | ArrayBuffer, transfer: ArrayBuffer[]) => void,
): void {
  const give = ({ buffer }: Uint8Array<ArrayBuffer>): void => post(buffer, [buffer])
  const length = head.length + body.length
  if (length > partBytes) post(length, [])
  else if (head.length === 0) return give(body)
  for (let start = -head.length; start < body.length; start += partBytes) {
    const part = new Uint8Array(Math.min(partBytes, body.length - start))
    if (start < 0) part.set(head)
    part.set(body.subarray(Math.max(start, 0), start + partBytes), Math.max(-start, 0))
    give(part)
  }
}
