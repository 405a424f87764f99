import assert from "node:assert/strict"
import { test } from "node:test"
import { assembleParts } from "./assemble-parts.ts"

const bytes = (...numbers: number[]): ArrayBuffer => Uint8Array.from(numbers).buffer

for (const [name, messages, expected] of [
  ["what comes whole, as it came", ["[]", bytes(1), "more"], ["[]", bytes(1), "more"]],
  ["parts as one", [5, bytes(1, 2), bytes(3, 4), bytes(5), "[]"], [bytes(1, 2, 3, 4, 5), "[]"]],
  ["one part that is all", [2, bytes(1, 2), bytes(3)], [bytes(1, 2), bytes(3)]],
  ["as much as the limit", [8, bytes(1, 2, 3, 4), bytes(5, 6, 7, 8)], [bytes(1, 2, 3, 4, 5, 6, 7, 8)]],
  ["nothing of a length beyond the limit, and what follows as it comes", [9, bytes(1), "[]"], [bytes(1), "[]"]],
  [
    "nothing of a length that is none",
    [Number.NaN, bytes(1), -1, bytes(2), 0, bytes(3)],
    [bytes(1), bytes(2), bytes(3)],
  ],
  ["nothing of parts that are more than was said", [3, bytes(1, 2), bytes(3, 4), bytes(5)], [bytes(5)]],
  ["nothing of parts that are fewer when text comes", [3, bytes(1, 2), "[]", bytes(3)], ["[]", bytes(3)]],
  ["the second of two that begin", [3, bytes(1), 2, bytes(2, 3)], [bytes(2, 3)]],
] as const) {
  test(`hands on ${name}`, () => {
    const heard: unknown[] = []
    const join = assembleParts(8, (message) => heard.push(message))
    for (const data of messages) join(data)
    assert.deepEqual(heard, expected)
  })
}
