/** The most bytes of a frame, or of a raw argument, that go from process to process in one message. */
export const PART_BYTES: number = 512 * 1024

/** A head that is none. */
export const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array()

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
  else if (length === body.length) return give(body)
  const first = new Uint8Array(Math.min(partBytes, length))
  let end = first.length - head.length
  first.set(head)
  first.set(body.subarray(0, end), head.length)
  give(first)
  for (; end < body.length; end += partBytes) give(body.slice(end, end + partBytes))
}
