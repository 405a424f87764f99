import assert from "node:assert/strict"
import { createPrivateKey, sign } from "node:crypto"
import { test } from "node:test"
import { keyPair } from "./lock.fixture.ts"
import { createLock, type Lock, serializeLock } from "./lock.ts"
import { isSignatureRight, signedBytes, signLock } from "./lock-signature.ts"

const { secret, publicKey } = keyPair()
const unsigned = createLock([{ path: "index.html", sha256: "a".repeat(64) }])
const signed = signLock(unsigned, secret)

const isRight = (lock: Lock): boolean => lock.signature !== undefined && isSignatureRight(lock, lock.signature)
const withValue = (value: string): Lock => ({ ...signed, signature: { publicKey, value } })
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

test("a signature is right for the lock it was made for, and names its key", () => {
  assert.equal(isRight(signed), true)
  assert.equal(signed.signature?.publicKey, publicKey)
})

test("what is signed is the domain and the lock's text without a signature", () => {
  const text = `sallyport/1 isolation lock\n${serializeLock(unsigned)}`
  assert.deepEqual(signedBytes(signed), bytesOf(text))
  assert.deepEqual(signedBytes(unsigned), bytesOf(text))
})

test("the same lock gets the same signature each time (RFC 8032 is deterministic)", () => {
  assert.deepEqual(signLock(unsigned, secret), signed)
})

test("signs in place of an earlier signature", () => {
  const other = keyPair()
  assert.deepEqual(signLock(signLock(unsigned, other.secret), secret), signed)
})

test("a signature over the lock's text alone, or for another purpose, is none", () => {
  const text = serializeLock(unsigned)
  for (const bytes of [
    bytesOf(text),
    bytesOf(`sallyport/1 seal\n${text}`),
    bytesOf(`sallyport/2 isolation lock\n${text}`),
  ]) {
    assert.equal(isRight(withValue(sign(null, bytes, secret).toString("base64url"))), false)
  }
})

test("a signature is wrong when any bit of it or of what it covers is another", () => {
  const value = Buffer.from(signed.signature?.value ?? "", "base64url")
  for (let bit = 0; bit < value.length * 8; bit++) {
    const flipped = Buffer.from(value)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(isRight(withValue(flipped.toString("base64url"))), false, `bit ${bit}`)
  }
  const [file] = signed.files
  assert.ok(file)
  for (const files of [[], [{ ...file, path: "index.htm" }], [{ ...file, sha256: `b${file.sha256.slice(1)}` }]]) {
    assert.equal(isRight({ ...signed, files }), false)
  }
  assert.equal(
    isRight({ ...signed, signature: { publicKey: keyPair().publicKey, value: value.toString("base64url") } }),
    false,
  )
})

test("a signature has one text: bits that base64url leaves over are not free", () => {
  const value = signed.signature?.value ?? ""
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  const other = value.slice(0, -1) + alphabet[alphabet.indexOf(value.slice(-1)) + 1]
  assert.deepEqual(Buffer.from(other, "base64url"), Buffer.from(value, "base64url"))
  assert.equal(isRight(withValue(other)), false)
})

test("a key that is no point of the curve signs nothing", () => {
  const nowhere = `ed25519:${Buffer.alloc(32, 0xff).toString("base64url")}`
  assert.equal(isRight({ ...signed, signature: { publicKey: nowhere, value: signed.signature?.value ?? "" } }), false)
})

test("knows a signature that was made with another implementation's key", () => {
  // The secret key of RFC 8032, section 7.1, test 1, in PKCS #8.
  const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, "hex")
  const lock = signLock(unsigned, createPrivateKey({ key: der, format: "der", type: "pkcs8" }))
  assert.equal(lock.signature?.publicKey, "ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
  assert.equal(isRight(lock), true)
})
