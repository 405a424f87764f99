import assert from "node:assert/strict"
import crypto from "node:crypto"
import { readFileSync } from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { describe, test } from "node:test"
import { KEY, layOut, SESSION, seal } from "../../core/core.fixture.ts"
import { payloadMemory } from "../../core/payload-memory.ts"
import { readReport } from "../../core/sandbox-report.ts"
import { bytesOf, type Vectors } from "../wire/vectors.fixture.ts"
import { readCallPayload } from "./call-payload.ts"
import { deriveSealingKey } from "./launch-key.ts"
import { RecordOpener } from "./record-opener.ts"

const PAYLOAD = layOut({ calls: [[1, "list", {}]] }, [])
const opens = (frame: Uint8Array): boolean => new RecordOpener(KEY, SESSION).open(frame) !== null

const LIMITS = { jsonBytes: 1e6, blobBytes: 1e6, nesting: 256, bytesInFlight: 1e6 }
const read = (payload: Uint8Array): unknown =>
  readReport(
    readCallPayload(
      payload,
      LIMITS,
      payloadMemory(LIMITS, () => true),
    ).members,
  )

describe("docs/protocol-vectors.json", () => {
  const vectors: Vectors = JSON.parse(
    readFileSync(new URL("../../../docs/protocol-vectors.json", import.meta.url), "utf8"),
  )
  const session = bytesOf(vectors.session)
  const key = deriveSealingKey(bytesOf(vectors.launchKey), session)

  test("the Core derives its keys", () => {
    for (const entry of vectors.keys) {
      const derived = deriveSealingKey(bytesOf(vectors.launchKey), bytesOf(entry.session))
      assert.deepEqual(derived, bytesOf(entry.key))
    }
  })

  test("the Core opens its frames, one after the other, until one is left out", () => {
    const opener = new RecordOpener(key, session)
    for (const { seq, frame, payload } of vectors.frames) {
      const opened = opener.open(bytesOf(frame))
      if (seq === opener.opened) assert.deepEqual(new Uint8Array(opened ?? []), bytesOf(payload))
      else assert.equal(opened, null)
    }
    assert.equal(opener.opened, vectors.payloads.length)
  })

  for (const { name, frame } of vectors.badFrames)
    test(`the Core does not open: ${name}`, () =>
      assert.equal(new RecordOpener(key, session).open(bytesOf(frame)), null))

  for (const { name, payload } of [...vectors.badPayloads, ...vectors.badCalls])
    test(`the Core refuses: ${name}`, () => assert.throws(() => read(bytesOf(payload))))
})

describe("an opener", () => {
  test("opens the frames of its session, one after the other, and counts them", () => {
    const opener = new RecordOpener(KEY, SESSION)
    for (let seq = 1; seq <= 300; seq++) {
      assert.equal(opener.opened, seq - 1)
      assert.deepEqual(new Uint8Array(opener.open(seal(layOut({ seq }), { seq })) ?? []), layOut({ seq }))
    }
  })

  test("opens a frame that holds nothing, and a large one", () => {
    assert.equal(new RecordOpener(KEY, SESSION).open(seal(new Uint8Array(0)))?.length, 0)
    assert.equal(new RecordOpener(KEY, SESSION).open(seal(new Uint8Array(3_000_000)))?.length, 3_000_000)
  })

  test("opens a frame that lies in a larger buffer", () => {
    const frame = seal(PAYLOAD)
    const around = new Uint8Array(frame.length + 20)
    around.set(frame, 10)
    assert.ok(opens(around.subarray(10, 10 + frame.length)))
  })

  test("refuses zeros, ones and a real frame's beginning, at each length from 0 to 64", () => {
    const frame = seal(layOut({ calls: [[1, "x".repeat(64), {}]] }))
    for (let length = 0; length <= 64; length++)
      for (const bytes of [new Uint8Array(length), new Uint8Array(length).fill(0xff), frame.subarray(0, length)])
        assert.equal(opens(bytes), false, `${length} bytes`)
  })

  test("refuses a right header with any tail, at each length from 0 to 64", () => {
    for (let length = 0; length <= 64; length++) {
      const bytes = new Uint8Array(9 + length)
      bytes.set([1, 0, 0, 0, 0, 0, 0, 0, 1])
      assert.equal(opens(bytes), false, `${length} bytes`)
    }
  })

  test("refuses a frame cut at each length, and one that was made longer", () => {
    const frame = seal(PAYLOAD)
    for (let length = 0; length < frame.length; length++) assert.equal(opens(frame.subarray(0, length)), false)
    for (const more of [[0], [255], [...new Uint8Array(16)], [...frame]])
      assert.equal(opens(Uint8Array.from([...frame, ...more])), false)
  })

  test("refuses a frame with any one bit flipped", () => {
    const frame = seal(PAYLOAD)
    assert.ok(opens(frame))
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const changed = Uint8Array.from(frame)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.equal(opens(changed), false, `bit ${bit}`)
    }
  })

  for (const [name, frame] of [
    ["sealed under the all-zero key", seal(PAYLOAD, { key: new Uint8Array(32) })],
    ["sealed for another session", seal(PAYLOAD, { session: new Uint8Array(16) })],
    ["of version 0", seal(PAYLOAD, { version: 0 })],
    ["of version 2", seal(PAYLOAD, { version: 2 })],
    ["with seq 0", seal(PAYLOAD, { seq: 0 })],
    ["with seq 2 before seq 1", seal(PAYLOAD, { seq: 2 })],
    ["with a seq that is 1 in its lower 32 bits only", seal(PAYLOAD, { seq: 2 ** 32 + 1 })],
    ["with the last seq there is", seal(PAYLOAD, { seq: 2n ** 64n - 1n })],
    ["in the clear", PAYLOAD],
    [
      "spliced from two",
      Uint8Array.from([...seal(PAYLOAD).subarray(0, 20), ...seal(PAYLOAD, { seq: 2 }).subarray(20)]),
    ],
    [
      "with the header of the next and the body of another",
      Uint8Array.from([...seal(PAYLOAD).subarray(0, 9), ...seal(PAYLOAD, { seq: 2 }).subarray(9)]),
    ],
  ] as const) {
    test(`refuses a frame ${name}`, () => assert.equal(opens(frame), false))
  }

  test("refuses a frame that comes again, one that was left out, and one that comes late", () => {
    const [first, second, third] = [1, 2, 3].map((seq) => seal(PAYLOAD, { seq })) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    const opener = new RecordOpener(KEY, SESSION)
    assert.ok(opener.open(first))
    assert.equal(opener.open(first), null)
    assert.equal(opener.open(third), null)
    assert.ok(opener.open(second))
    assert.equal(opener.open(first), null)
    assert.ok(opener.open(third))
  })

  test("does the same work for every frame that it refuses: all of one length are deciphered whole, and fail at the tag", () => {
    const [first, due, later] = [1, 2, 3].map((seq) => seal(PAYLOAD, { seq })) as [Uint8Array, Uint8Array, Uint8Array]
    const changed = (index: number): Uint8Array => Uint8Array.from(due, (byte, at) => (at === index ? byte ^ 1 : byte))
    const kinds = {
      "random bytes": crypto.randomBytes(due.length),
      zeros: new Uint8Array(due.length),
      "a right length and header with a wrong tag": changed(due.length - 1),
      "a changed text": changed(12),
      "the frame before, again": first,
      "the frame behind": later,
      "another session's": seal(PAYLOAD, { seq: 2, session: new Uint8Array(16) }),
      "another key's": seal(PAYLOAD, { seq: 2, key: new Uint8Array(32) }),
      "the right frame with another version": changed(0),
      "the right frame with another number": changed(8),
    }
    const work = Object.entries(kinds).map(([kind, frame]) => {
      const opener = new RecordOpener(KEY, SESSION)
      opener.open(first)
      return [kind, workOf(() => assert.equal(opener.open(frame), null, kind))]
    })
    const expected = [`aes-256-gcm, 25 bytes of header, ${PAYLOAD.length} of text, bad tag`]
    assert.deepEqual(Object.fromEntries(work), Object.fromEntries(Object.keys(kinds).map((kind) => [kind, expected])))
    for (let length = 0; length < 25; length++)
      assert.deepEqual(
        workOf(() => opens(due.subarray(0, length))),
        ["aes-256-gcm, 25 bytes of header, 0 of text, bad tag"],
      )
  })

  test("that is wiped has no key any more, and opens nothing: not what is sealed under zeros either", () => {
    const key = Uint8Array.from(KEY)
    const opener = new RecordOpener(key, SESSION)
    opener.wipe()
    assert.deepEqual(key, new Uint8Array(32))
    assert.equal(opener.open(seal(PAYLOAD)), null)
    assert.equal(opener.open(seal(PAYLOAD, { key: new Uint8Array(32) })), null)
  })
})

/** What is deciphered meanwhile, and how it ends. */
function workOf(act: () => void): string[] {
  const work: string[] = []
  const { createDecipheriv } = crypto
  const watched = (algorithm: "aes-256-gcm", ...rest: [Uint8Array, Uint8Array, { authTagLength: number }]) => {
    const decipher = createDecipheriv(algorithm, ...rest)
    let [header, text] = [0, 0]
    return {
      setAAD: (data: Uint8Array) => {
        header += data.length
        decipher.setAAD(data)
      },
      setAuthTag: (tag: Uint8Array) => decipher.setAuthTag(tag),
      update: (data: Uint8Array) => {
        text += data.length
        return decipher.update(data)
      },
      final: () => {
        let tag = "bad tag"
        try {
          const rest = decipher.final()
          tag = "good tag"
          return rest
        } finally {
          work.push(`${algorithm}, ${header} bytes of header, ${text} of text, ${tag}`)
        }
      },
    }
  }
  Object.assign(crypto, { createDecipheriv: watched })
  syncBuiltinESMExports()
  try {
    act()
  } finally {
    Object.assign(crypto, { createDecipheriv })
    syncBuiltinESMExports()
  }
  return work
}
