import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { createDecipheriv, hkdfSync } from "node:crypto"
import { readFileSync } from "node:fs"
import { describe, test } from "node:test"
import { fileURLToPath } from "node:url"
import { checkVectors, type Vectors } from "./vectors.fixture.ts"

const read = (): Vectors =>
  JSON.parse(readFileSync(new URL("../../../docs/protocol-vectors.json", import.meta.url), "utf8"))
const vectors: Vectors = read()
const bytes = (hex: string): Buffer => Buffer.from(hex, "hex")

test("docs/protocol-vectors.json is what its script writes", () => {
  execFileSync(process.execPath, [
    fileURLToPath(new URL("../../../scripts/protocol-vectors.ts", import.meta.url)),
    "--check",
  ])
})

test("the protocol's code agrees with every vector, with WebCrypto", async () => {
  const { checked, wrong } = await checkVectors(vectors)
  assert.deepEqual(wrong, [])
  assert.ok(checked > 100, `only ${checked} checks`)
})

describe("with node:crypto", () => {
  const session = bytes(vectors.session)
  const key = Buffer.from(hkdfSync("sha256", bytes(vectors.launchKey), session, "sallyport/1 seal", 32))
  const open = (frame: Buffer, seq: number): string => {
    const header = Buffer.alloc(9)
    header.writeUInt8(1)
    header.writeBigUInt64BE(BigInt(seq), 1)
    assert.deepEqual(frame.subarray(0, 9), header)
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.concat([Buffer.alloc(4), header.subarray(1)]))
    decipher.setAAD(Buffer.concat([session, header]))
    decipher.setAuthTag(frame.subarray(-16))
    return Buffer.concat([decipher.update(frame.subarray(9, -16)), decipher.final()]).toString("hex")
  }

  test("the session's key is the one that the vectors name", () => {
    assert.equal(key.toString("hex"), vectors.keys.find(({ session }) => session === vectors.session)?.key)
  })
  for (const { name, seq, frame, payload } of vectors.frames)
    test(`seq ${seq} opens: ${name}`, () => assert.equal(open(bytes(frame), seq), payload))
  for (const { name, seq, frame } of vectors.badFrames)
    test(`does not open: ${name}`, () => assert.throws(() => open(bytes(frame), seq)))
})

describe("the check is not green because it is broken: it finds", () => {
  type Mutable = { -readonly [Key in keyof Vectors]: Vectors[Key] }
  const flip = (hex: string): string => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}`
  const [frame] = vectors.frames
  const [payload] = vectors.payloads
  assert.ok(frame && payload)
  for (const [name, change] of [
    ["a wrong launch key", { launchKey: flip(vectors.launchKey) }],
    ["a wrong key", { keys: vectors.keys.map((entry) => ({ ...entry, key: flip(entry.key) })) }],
    ["a wrong session", { session: flip(vectors.session) }],
    ["a wrong nonce", { frames: [{ ...frame, nonce: flip(frame.nonce) }] }],
    ["wrong associated data", { frames: [{ ...frame, associatedData: flip(frame.associatedData) }] }],
    ["a wrong frame", { frames: [{ ...frame, frame: flip(frame.frame) }] }],
    ["a wrong payload in a frame", { frames: [{ ...frame, payload: flip(frame.payload) }] }],
    ["a good frame among the bad", { badFrames: [{ name: "good", seq: frame.seq, frame: frame.frame }] }],
    ["a wrong payload", { payloads: [{ ...payload, payload: flip(payload.payload) }] }],
    ["a payload with another text", { payloads: [{ ...payload, json: `${payload.json} ` }] }],
    ["a good payload among the bad", { badPayloads: [payload] }],
  ] as readonly (readonly [string, Partial<Mutable>])[]) {
    test(name, async () => assert.notDeepEqual((await checkVectors({ ...vectors, ...change })).wrong, []))
  }
})
