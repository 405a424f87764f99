import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { cutBlobs, encodePayload, splitPayload } from "./payload.ts"

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const JSON_TEXT = '{"calls":[[1,"é😀"]],"blobs":[2,0,1]}'
const BLOBS = [bytes(1, 2), bytes(), bytes(255)]
const LAID_OUT = encodePayload(JSON_TEXT, BLOBS)

describe("a payload", () => {
  test("is the JSON's length in four bytes, big-endian, the JSON as UTF-8, and the blobs", () => {
    assert.deepEqual([...encodePayload('"é"', [bytes(7), bytes(8, 9)])], [0, 0, 0, 4, 0x22, 0xc3, 0xa9, 0x22, 7, 8, 9])
    const long = encodePayload("x".repeat(0x010203), [])
    assert.deepEqual([...long.subarray(0, 4)], [0, 1, 2, 3])
  })

  for (const [name, json] of [
    ["ASCII alone", '{"a":"b"}'],
    ["nothing", ""],
    ["one character beyond ASCII, at the end", `${"x".repeat(1000)}é`],
    ["characters of every length", "aé世😀"],
    ["a surrogate by itself, which UTF-8 has no bytes for", "a\ud800b"],
  ] as const) {
    test(`has the UTF-8 of ${name}, and then the blobs`, () => {
      const text = Buffer.from(json, "utf8")
      const length = Buffer.alloc(4)
      length.writeUInt32BE(text.length)
      assert.deepEqual(Buffer.from(encodePayload(json, BLOBS)), Buffer.concat([length, text, ...BLOBS]))
    })
  }

  test("comes apart as it was put together", () => {
    const { json, rest } = splitPayload(LAID_OUT)
    assert.equal(json, JSON_TEXT)
    assert.deepEqual(cutBlobs([2, 0, 1], rest), BLOBS)
  })

  test("is read where it lies in a larger buffer", () => {
    const around = new Uint8Array(LAID_OUT.length + 8).fill(0xff)
    around.set(LAID_OUT, 5)
    assert.equal(splitPayload(around.subarray(5, 5 + LAID_OUT.length)).json, JSON_TEXT)
  })

  test("keeps a leading U+FEFF, so that JSON refuses it", () => {
    assert.equal(splitPayload(encodePayload("\ufeff{}", [])).json, "\ufeff{}")
  })

  test("cut short anywhere is refused, by its length or by its blobs", () => {
    for (let length = 0; length < LAID_OUT.length; length++)
      assert.throws(
        () => cutBlobs([2, 0, 1], splitPayload(LAID_OUT.subarray(0, length)).rest),
        Error,
        `${length} bytes`,
      )
  })

  for (const [name, payload] of [
    ["no bytes", bytes()],
    ["three bytes", bytes(0, 0, 0)],
    ["a length of 2^32 - 1", bytes(0xff, 0xff, 0xff, 0xff, 0x22)],
    ["a length one too large", bytes(0, 0, 0, 2, 0x31)],
    ["half a character", bytes(0, 0, 0, 1, 0xc3)],
    ["an encoded surrogate", bytes(0, 0, 0, 3, 0xed, 0xa0, 0x80)],
    ["an overlong slash", bytes(0, 0, 0, 2, 0xc0, 0xaf)],
  ] as const) {
    test(`is refused: ${name}`, () => assert.throws(() => splitPayload(payload)))
  }
})

describe("the table of blobs", () => {
  const rest = bytes(1, 2, 3)
  for (const [name, lengths] of [
    ["none, with no bytes left", []],
    ["empty ones", [0, 0]],
  ] as const) {
    test(`may hold ${name}`, () => assert.equal(cutBlobs(lengths, bytes()).length, lengths.length))
  }

  for (const [name, lengths] of [
    ["bytes that belong to no blob", [2]],
    ["no list, bytes there", []],
    ["one byte too many", [4]],
    ["a sum too large", [2, 2]],
    ["a negative length", [-1, 4]],
    ["a negative length that makes the sum right", [4, -1]],
    ["a fraction", [1.5, 1.5]],
    ["a number as text", ["3"]],
    ["null", [null, 3]],
    ["beyond safe integers", [2 ** 53]],
    ["an object", { length: 1, 0: 3 }],
    ["text", "3"],
    ["null instead of a list", null],
    ["a number instead of a list", 3],
  ] as const) {
    test(`is refused: ${name}`, () => assert.throws(() => cutBlobs(lengths, rest), RangeError))
  }
})
