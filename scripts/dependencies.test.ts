import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

interface LockEntry {
  readonly dev?: boolean
  readonly optional?: boolean
  readonly resolved?: string
}

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (file: string): string => readFileSync(`${root}${file}`, "utf8")
const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, LockEntry> }
const installed = Object.entries(lock.packages)
  .filter(([path, { dev }]) => path !== "" && dev !== true)
  .map(([path]) => path.replace(/^.*node_modules\//, ""))
  .sort()

test("what users install is exactly what docs/dependencies.md gives reasons for", () => {
  const documented = [...read("docs/dependencies.md").matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name).sort()
  assert.deepEqual(documented, installed)
})

test("users install at most 14 packages", () => assert.ok(installed.length <= 14, installed.join(", ")))

test("package-lock.json records no download addresses", () => {
  const addresses = Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)
  assert.deepEqual(addresses, [])
})
