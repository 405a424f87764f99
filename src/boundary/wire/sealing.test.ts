import assert from "node:assert/strict"
import { test } from "node:test"
import {
  associatedData,
  FIRST_SEQ,
  HEADER_BYTES,
  KEY_BYTES,
  SEAL_KEY_INFO,
  SESSION_ID_BYTES,
  sealNonce,
  TAG_BYTES,
} from "./sealing.ts"
import { PROTOCOL_VERSION } from "./version.ts"

const session: Uint8Array = Uint8Array.from({ length: SESSION_ID_BYTES }, (_, index) => 0xa0 + index)

test("the numbers of the protocol are those that docs/protocol.md names", () => {
  assert.deepEqual(
    { HEADER_BYTES, TAG_BYTES, SESSION_ID_BYTES, KEY_BYTES, FIRST_SEQ, PROTOCOL_VERSION, SEAL_KEY_INFO },
    {
      HEADER_BYTES: 9,
      TAG_BYTES: 16,
      SESSION_ID_BYTES: 16,
      KEY_BYTES: 32,
      FIRST_SEQ: 1,
      PROTOCOL_VERSION: 1,
      SEAL_KEY_INFO: "sallyport/1 seal",
    },
  )
})

for (const [seq, bytes] of [
  [1, [0, 0, 0, 0, 0, 0, 0, 1]],
  [256, [0, 0, 0, 0, 0, 0, 1, 0]],
  [2 ** 32 - 1, [0, 0, 0, 0, 255, 255, 255, 255]],
  [2 ** 32, [0, 0, 0, 1, 0, 0, 0, 0]],
  [2 ** 32 + 1, [0, 0, 0, 1, 0, 0, 0, 1]],
  [Number.MAX_SAFE_INTEGER, [0, 31, 255, 255, 255, 255, 255, 255]],
] as const) {
  test(`seq ${seq}: associated data is session, version, seq; the nonce is seq as 96 bits`, () => {
    assert.deepEqual([...associatedData(session, seq)], [...session, PROTOCOL_VERSION, ...bytes])
    assert.deepEqual([...sealNonce(seq)], [0, 0, 0, 0, ...bytes])
  })
}
