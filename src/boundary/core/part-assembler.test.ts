import assert from "node:assert/strict"
import { randomBytes } from "node:crypto"
import { test } from "node:test"
import { PART_BYTES } from "../wire/parts.ts"
import { PartAssembler } from "./part-assembler.ts"

const LIMIT = 3 * PART_BYTES

for (const length of [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, LIMIT]) {
  test(`puts a frame of ${length} bytes together, and the next after it`, () => {
    const parts = new PartAssembler(LIMIT)
    for (const frame of [randomBytes(length), randomBytes(length)]) {
      assert.equal(parts.add(`${length}`), null)
      for (let start = 0; start < length; start += PART_BYTES) {
        const whole = parts.add(frame.subarray(start, start + PART_BYTES))
        if (start + PART_BYTES < length) assert.equal(whole, null)
        else assert.ok(frame.equals(whole as Uint8Array))
      }
    }
  })
}

test("lets a frame that comes whole pass as it is, whatever its size", () => {
  const parts = new PartAssembler(LIMIT)
  for (const length of [0, 1, PART_BYTES, LIMIT + 1]) {
    const frame = new Uint8Array(length)
    assert.equal(parts.add(frame), frame)
  }
})

const NO_LENGTH = "text after hello that is no record's length"
const OTHER_LENGTH = "a part of a record that has another length"
for (const [name, messages, why] of [
  ["text", ["{}"], NO_LENGTH],
  ["no text", [""], NO_LENGTH],
  ["a length of zero", ["0"], NO_LENGTH],
  ["a length with a sign", ["-1"], NO_LENGTH],
  ["a length that is not whole", ["1.5"], NO_LENGTH],
  ["a length with an exponent", ["1e3"], NO_LENGTH],
  ["a length with a zero in front", ["01"], NO_LENGTH],
  ["a length with a line's end", ["1\n"], NO_LENGTH],
  ["a frame larger than the largest", [`${LIMIT + 1}`], `a record of ${LIMIT + 1} bytes`],
  ["more digits than a number has", ["9".repeat(400)], `a record of ${"9".repeat(20)} bytes`],
  ["a length within a frame", [`${PART_BYTES + 1}`, new Uint8Array(PART_BYTES), "1"], NO_LENGTH],
  ["an empty part", ["1", new Uint8Array()], OTHER_LENGTH],
  ["a part that is not full, and not the last", [`${PART_BYTES + 1}`, new Uint8Array(PART_BYTES - 1)], OTHER_LENGTH],
  ["a part that is too large", [`${PART_BYTES + 1}`, new Uint8Array(PART_BYTES + 1)], OTHER_LENGTH],
  ["more than was said", [`${PART_BYTES + 1}`, new Uint8Array(PART_BYTES), new Uint8Array(2)], OTHER_LENGTH],
] as const) {
  test(`says why it is no part: ${name}`, () => {
    const parts = new PartAssembler(LIMIT)
    const answers = messages.map((message) => parts.add(message))
    assert.deepEqual(answers, [...Array(messages.length - 1).fill(null), why])
  })
}
