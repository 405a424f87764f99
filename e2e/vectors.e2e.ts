import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { type BrowserName, launch } from "./drivers/driver.ts"

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** The protocol's own code and its check, as a script that a page can run. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file("src/boundary/wire/vectors.fixture.ts")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "protocol",
    target: "es2022",
  })
  return outputFiles[0]?.text ?? ""
}

// Ciphers and text coders are the engine's own, so each engine has its turn.
for (const name of ["chromium", "firefox", "webkit"] as const satisfies readonly BrowserName[]) {
  test(`${name} agrees with every vector of docs/protocol-vectors.json`, async () => {
    const script = await bundle()
    const vectors = await readFile(file("docs/protocol-vectors.json"), "utf8")
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "text/html; charset=utf-8")
      response.end(`<!doctype html><script>${script}</script>`)
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const driver = await launch(name)
    try {
      const page = await driver.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      const { checked, wrong } = await page.evaluate<{ checked: number; wrong: string[] }>(
        `return protocol.checkVectors(${vectors})`,
      )
      assert.deepEqual(wrong, [])
      assert.ok(checked > 100, `only ${checked} checks`)
    } finally {
      await driver.close()
      server.closeAllConnections()
      server.close()
    }
  })
}
