/**
 * Sends bytes from process to process in parts (docs/protocol.md, "Parts"). While the next part is made, the other side has one already.
 *
 * Promises that the receiver knows the length before the first part, so it can reject what is too large before it takes memory. Stops P16.
 */

/** The most bytes of a record, or of a raw argument, that go from process to process in one message. */
export const PART_BYTES: number = 512 * 1024

type Post = (message: number | ArrayBuffer, transfer: ArrayBuffer[]) => void

/** Posts bytes and gives them away. What is larger than a part goes as its length and then in parts, all of them full but the last. */
export function postBytes(bytes: Uint8Array<ArrayBuffer>, partBytes: number, post: Post): void {
  const give = ({ buffer }: Uint8Array<ArrayBuffer>): void => post(buffer, [buffer])
  if (bytes.length <= partBytes) return give(bytes)
  post(bytes.length, [])
  for (let at = 0; at < bytes.length; at += partBytes) give(bytes.slice(at, at + partBytes))
}
