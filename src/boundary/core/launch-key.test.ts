import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { test } from "node:test"
import { KEY, SESSION } from "../../core/core.fixture.ts"
import { deriveSealingKey, LaunchKey } from "./launch-key.ts"

test("the key is HKDF-SHA-256 of the launch key, salted with the session id (RFC 5869, written out)", () => {
  const hmac = (key: Uint8Array, ...data: (string | Uint8Array)[]): Buffer => {
    const mac = createHmac("sha256", key)
    for (const part of data) mac.update(part)
    return mac.digest()
  }
  const pseudoRandomKey = hmac(SESSION, KEY)
  const expected = hmac(pseudoRandomKey, "sallyport/1 seal", Uint8Array.of(1))
  assert.deepEqual(Buffer.from(deriveSealingKey(KEY, SESSION)), expected)
})

test("sessions and launches have keys of their own", () => {
  const other = Uint8Array.from(SESSION).fill(1, 15)
  const keys = [deriveSealingKey(KEY, SESSION), deriveSealingKey(KEY, other), deriveSealingKey(other, SESSION)]
  assert.equal(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size, 3)
})

test("each session of a launch key has an id and a key of its own", () => {
  const launchKey = new LaunchKey()
  const sessions = Array.from({ length: 50 }, () => launchKey.newSession())
  for (const part of ["id", "key"] as const)
    assert.equal(new Set(sessions.map((session) => Buffer.from(session[part]).toString("hex"))).size, 50)
  for (const { id, key } of sessions) assert.deepEqual([id.length, key.length], [16, 32])
})

test("a launch key begins no session after it was wiped", () => {
  const launchKey = new LaunchKey()
  launchKey.wipe()
  assert.throws(() => launchKey.newSession(), /closing/)
})
