import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto"

/** A public key as people copy it: `ed25519:` and its 32 bytes in base64url. */
const TEXT = /^ed25519:([A-Za-z0-9_-]{43})$/
const PEM = /^-----BEGIN PUBLIC KEY-----\r?\n/

export interface SigningKeys {
  /** `ed25519:` and 43 characters. */
  readonly publicKey: string
  /** PKCS #8 (RFC 5958) as PEM. */
  readonly privateKey: string
}

/** Makes an Ed25519 key pair (RFC 8032). */
export function generateSigningKeys(): SigningKeys {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519")
  return {
    publicKey: publicKeyText(publicKey),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  }
}

/** The text of a key's public half, however the key was read. */
export function publicKeyText(key: KeyObject): string {
  const half = key.type === "private" ? createPublicKey(key) : key
  return `ed25519:${half.export({ format: "jwk" }).x}`
}

/**
 * Reads a public key: the text that `sallyport keygen` prints, or PEM (SPKI).
 *
 * @throws TypeError, without the text: it may be a private key, and errors are logged
 */
export function readPublicKey(text: string): KeyObject {
  const written = text.trim()
  const x = TEXT.exec(written)?.[1]
  if (x !== undefined) {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" })
    // The last character has two bits to spare: each key has one text.
    if (publicKeyText(key) === written) return key
  }
  if (written.includes("PRIVATE KEY")) {
    throw new TypeError("this is a private key: whoever has the app would have it, so give it the public one")
  }
  const key = PEM.test(written) ? attempt(() => createPublicKey(written)) : undefined
  if (key?.asymmetricKeyType === "ed25519") return key
  throw new TypeError(
    'this is no Ed25519 public key: give the text "ed25519:…" that "sallyport keygen" printed, or PEM',
  )
}

/**
 * Reads the private key that `sallyport keygen` wrote, or any Ed25519 key in PKCS #8 PEM.
 *
 * @throws TypeError, without the text
 */
export function readPrivateKey(text: string): KeyObject {
  if (text.includes("ENCRYPTED PRIVATE KEY")) {
    throw new TypeError("this private key is encrypted with a passphrase: decrypt it first")
  }
  const key = attempt(() => createPrivateKey(text))
  if (key?.asymmetricKeyType === "ed25519") return key
  throw new TypeError('this is no Ed25519 private key in PEM: make one with "sallyport keygen"')
}

function attempt(read: () => KeyObject): KeyObject | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
