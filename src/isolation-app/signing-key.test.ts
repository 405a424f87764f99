import assert from "node:assert/strict"
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto"
import { test } from "node:test"
import { generateSigningKeys, publicKeyText, readPrivateKey, readPublicKey } from "./signing-key.ts"

const keys = generateSigningKeys()
const spki = createPublicKey(keys.privateKey).export({ type: "spki", format: "pem" }).toString()
const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 })
const pem = { type: "pkcs8", format: "pem" } as const

test("a new pair belongs together, and is another each time", () => {
  assert.equal(publicKeyText(createPrivateKey(keys.privateKey)), keys.publicKey)
  assert.match(keys.publicKey, /^ed25519:[\w-]{43}$/)
  assert.notEqual(generateSigningKeys().privateKey, keys.privateKey)
})

test("knows the public key of RFC 8032's first test", () => {
  const raw = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
  const text = `ed25519:${Buffer.from(raw, "hex").toString("base64url")}`
  assert.equal(publicKeyText(readPublicKey(text)), text)
})

for (const [promise, text] of [
  ["its text", keys.publicKey],
  ["its text with spaces around", ` ${keys.publicKey}\n`],
  ["PEM", spki],
  ["PEM with Windows line ends", spki.replaceAll("\n", "\r\n")],
] as const) {
  test(`reads a public key from ${promise}`, () => assert.equal(publicKeyText(readPublicKey(text)), keys.publicKey))
}

for (const [promise, text, says] of [
  ["nothing", "", /no Ed25519 public key: give the text "ed25519:…" that "sallyport keygen" printed, or PEM/],
  ["a private key", keys.privateKey, /this is a private key: whoever has the app would have it/],
  ["a key that is short", keys.publicKey.slice(0, -1), /no Ed25519 public key/],
  [
    "bits that no key has",
    `${keys.publicKey.slice(0, -1)}_`.replace(/.$/, (last) => (last === "_" ? "9" : last)),
    /no Ed25519/,
  ],
  ["base64", keys.publicKey.replace(/:./, ":+"), /no Ed25519 public key/],
  ["PEM that is broken", spki.replace(/\n../, "\n"), /no Ed25519 public key/],
  ["a certificate's PEM", spki.replaceAll("PUBLIC KEY", "CERTIFICATE"), /no Ed25519 public key/],
  ["a key of another kind", rsa.publicKey.export({ type: "spki", format: "pem" }).toString(), /no Ed25519 public key/],
] as const) {
  test(`refuses ${promise} for a public key, and does not repeat it`, () => {
    assert.throws(
      () => readPublicKey(text),
      (error) =>
        error instanceof TypeError && says.test(error.message) && (text === "" || !error.message.includes(text)),
    )
  })
}

test("reads a private key as keygen writes it", () => {
  assert.equal(publicKeyText(readPrivateKey(keys.privateKey)), keys.publicKey)
})

for (const [promise, text, says] of [
  ["nothing", "", /no Ed25519 private key in PEM: make one with "sallyport keygen"/],
  ["a public key", spki, /no Ed25519 private key/],
  ["a key of another kind", rsa.privateKey.export(pem).toString(), /no Ed25519 private key/],
  [
    "a key with a passphrase",
    createPrivateKey(keys.privateKey)
      .export({ ...pem, cipher: "aes-256-cbc", passphrase: "x" })
      .toString(),
    /is encrypted with a passphrase: decrypt it first/,
  ],
] as const) {
  test(`refuses ${promise} for a private key`, () => assert.throws(() => readPrivateKey(text), { message: says }))
}
