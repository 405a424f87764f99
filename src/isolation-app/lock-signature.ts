import { type KeyObject, sign, verify } from "node:crypto"
import { type Lock, type LockSignature, serializeLock } from "./lock.ts"
import { publicKeyText, readPublicKey } from "./signing-key.ts"

/** Says what is signed, so that a signature over a lock can be taken for none over anything else. */
const DOMAIN = "sallyport/1 isolation lock\n"

/** What a signature covers: the domain, then the lock's own text as it is without a signature. */
export function signedBytes({ version, files }: Lock): Uint8Array {
  return new TextEncoder().encode(DOMAIN + serializeLock({ version, files }))
}

/** @param key an Ed25519 private key */
export function signLock(lock: Lock, key: KeyObject): Lock {
  const { version, files } = lock
  const value = sign(null, signedBytes(lock), key).toString("base64url")
  return { version, files, signature: { publicKey: publicKeyText(key), value } }
}

/** Whether the key that the signature names has made it. Whose key that is, is for the caller to know. */
export function isSignatureRight(lock: Lock, { publicKey, value }: LockSignature): boolean {
  const bytes = Buffer.from(value, "base64url")
  // The last character has bits to spare: each signature has one text.
  if (bytes.toString("base64url") !== value) return false
  try {
    return verify(null, signedBytes(lock), readPublicKey(publicKey), bytes)
  } catch {
    return false
  }
}
