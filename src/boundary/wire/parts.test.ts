import assert from "node:assert/strict"
import { test } from "node:test"
import { postBytes } from "./parts.ts"

const numbered = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, index) => index + 1)

/** What is posted, and that each buffer is given away. */
function posted(bytes: Uint8Array<ArrayBuffer>, partBytes: number): (number | ArrayBuffer)[] {
  const messages: (number | ArrayBuffer)[] = []
  postBytes(bytes, partBytes, (message, transfer) => {
    assert.deepEqual(transfer, message instanceof ArrayBuffer ? [message] : [])
    messages.push(message)
  })
  return messages
}

for (const [name, length, partBytes, expected] of [
  ["no bytes", 0, 4, [[]]],
  ["what is as large as a part", 4, 4, [[1, 2, 3, 4]]],
  ["a byte more than a part", 5, 4, [5, [1, 2, 3, 4], [5]]],
  ["two full parts", 8, 4, [8, [1, 2, 3, 4], [5, 6, 7, 8]]],
  ["parts without end", 5, Infinity, [[1, 2, 3, 4, 5]]],
] as const) {
  test(`posts ${name}`, () => {
    const messages = posted(numbered(length), partBytes)
    assert.deepEqual(
      messages.map((message) => (typeof message === "number" ? message : [...new Uint8Array(message)])),
      expected,
    )
  })
}

test("hands over the very buffer where nothing has to be cut", () => {
  const bytes = numbered(3)
  assert.equal(posted(bytes, 4)[0], bytes.buffer)
})
