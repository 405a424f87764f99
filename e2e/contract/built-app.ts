import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type AppOptions, command } from "sallyport"
import type { Browser } from "../contract.ts"
import { startTestApp, type TestApp } from "../fixture.ts"

const SALLYPORT = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url))

/** Scripts in files and in the page, types, line ends of Windows: all that becomes something else when it is built. */
const SOURCE = {
  "index.html": `<!doctype html>\r\n<html><head><script defer src="hook.ts"></script></head>\r
<body>\r\n<script src="lib/notes.ts"></script>\r\n<script>const limit = 3</script>\r\n</body></html>\r\n`,
  "lib/notes.ts": `type Name = string\r\nconst isNote = (name: Name): boolean => /^\\w+\\.md$/.test(name)\r\n`,
  "hook.ts": `interface Payload { cmd: string; path: string }
;(window as any).__TAURI_ISOLATION_HOOK__ = (payload: Payload): Payload => {
  if (!isNote(payload.path) || limit !== 3) throw new Error(\`\${payload.path} is no note\`)
  return payload
}
`,
}

const sallyport = async (...words: readonly string[]) =>
  await promisify(execFile)(process.execPath, [SALLYPORT, ...words])

/** Builds and signs the isolation app, and has the Core want that signature. */
async function buildAndSign(folder: string): Promise<Partial<AppOptions>> {
  await rm(join(folder, "isolation"), { recursive: true })
  for (const [name, text] of Object.entries(SOURCE)) {
    await mkdir(join(folder, "src-isolation", "lib"), { recursive: true })
    await writeFile(join(folder, "src-isolation", name), text)
  }
  const key = join(folder, "isolation-app.key")
  const { publicKey } = JSON.parse((await sallyport("keygen", key, "--json")).stdout)
  await sallyport("build", folder, "--sign", key)
  return { isolation: { publicKey } }
}

/** What the command line builds and signs runs in this browser. */
export function builtApp(browser: Browser): void {
  describe("an isolation app that was built and signed", () => {
    let testApp: TestApp
    before(async () => {
      testApp = await startTestApp({ commands: { read: command((args) => args) }, prepare: buildAndSign })
    })
    after(() => testApp?.close())

    test("starts, and its hook judges calls", async () => {
      const page = await testApp.open(browser())
      assert.deepEqual(await page.evaluate("return call('read', { path: 'a.md' })"), { value: { path: "a.md" } })
      const refused = await page.evaluate("return call('read', { path: '../a.md' })")
      assert.deepEqual(refused, { name: "IsolationError", code: "HOOK_REFUSED", message: "../a.md is no note" })
      await page.close()
    })
  })
}
