import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { readRequiredIsolation } from "./app-isolation.ts"
import { readConfig } from "./config/config.ts"
import { keyPair, lockedApp } from "./isolation-app/lock.fixture.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-app-isolation-"))
after(() => rmSync(folder, { recursive: true }))
const mine = keyPair()
const spki = mine.open.export({ type: "spki", format: "pem" }).toString()

async function configWith(pattern: unknown): ReturnType<typeof readConfig> {
  const file = join(folder, "tauri.conf.json")
  writeFileSync(file, JSON.stringify({ identifier: "org.sallyport.test", app: { security: { pattern } } }))
  return await readConfig(file)
}
const isolation = async (key = mine.secret) =>
  await configWith({ use: "isolation", options: { dir: await lockedApp(key) } })

test("with a public key, as text or PEM, the isolation app must be signed by it", async () => {
  for (const publicKey of [mine.publicKey, spki]) {
    const app = await readRequiredIsolation(await isolation(), { isolation: { publicKey } })
    assert.equal(app?.lock?.signature?.publicKey, mine.publicKey)
    const other = await isolation(keyPair().secret)
    await assert.rejects(readRequiredIsolation(other, { isolation: { publicKey } }), { code: "LOCK_OTHER_KEY" })
  }
})

test("with a public key, brownfield is an error, as with requireIsolation", async () => {
  const brownfield = await configWith({ use: "brownfield" })
  for (const options of [{ isolation: { publicKey: mine.publicKey } }, { requireIsolation: true }]) {
    await assert.rejects(
      readRequiredIsolation(brownfield, options),
      /is "brownfield", and this app requires isolation: set/,
    )
  }
  assert.equal(await readRequiredIsolation(brownfield, {}), null)
})

test("a public key that is none is an error, and never passes for none required", async () => {
  for (const [publicKey, says] of [
    [undefined, /^createApp: isolation\.publicKey: this is undefined, no text$/],
    [null, /this is null, no text/],
    [mine.open, /this is object, no text/],
    ["", /this is no Ed25519 public key/],
    [mine.privateKey, /this is a private key/],
  ] as const) {
    const options = { isolation: { publicKey: publicKey as string } }
    await assert.rejects(readRequiredIsolation(await isolation(), options), { name: "TypeError", message: says })
  }
})
