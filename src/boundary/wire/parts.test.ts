import assert from "node:assert/strict"
import { test } from "node:test"
import { NO_BYTES, postBytes } from "./parts.ts"

const numbered = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, index) => index + 1)

/** What is posted, and that each buffer is given away. */
function posted(head: Uint8Array, body: Uint8Array<ArrayBuffer>, partBytes: number): (number | ArrayBuffer)[] {
  const messages: (number | ArrayBuffer)[] = []
  postBytes(head, body, partBytes, (message, transfer) => {
    assert.deepEqual(transfer, message instanceof ArrayBuffer ? [message] : [])
    messages.push(message)
  })
  return messages
}

for (const [name, head, body, partBytes, expected] of [
  ["no bytes", 0, 0, 4, [[]]],
  ["what is as large as a part", 0, 4, 4, [[1, 2, 3, 4]]],
  ["a byte more than a part", 0, 5, 4, [5, [1, 2, 3, 4], [5]]],
  ["two full parts", 0, 8, 4, [8, [1, 2, 3, 4], [5, 6, 7, 8]]],
  ["a head and a body in one part", 1, 3, 4, [[1, 1, 2, 3]]],
  ["a head and no body", 2, 0, 4, [[1, 2]]],
  ["a head that makes it too large", 1, 4, 4, [5, [1, 1, 2, 3], [4]]],
  ["a head as large as a part", 4, 2, 4, [6, [1, 2, 3, 4], [1, 2]]],
  ["parts without end", 1, 4, Infinity, [[1, 1, 2, 3, 4]]],
] as const) {
  test(`posts ${name}`, () => {
    const messages = posted(numbered(head), numbered(body), partBytes)
    assert.deepEqual(
      messages.map((message) => (typeof message === "number" ? message : [...new Uint8Array(message)])),
      expected,
    )
  })
}

test("hands over the very buffer where nothing has to be put together or cut", () => {
  const body = numbered(3)
  assert.deepEqual(posted(NO_BYTES, body, 4), [body.buffer])
  assert.equal(posted(NO_BYTES, body, 4)[0], body.buffer)
})
