import assert from "node:assert/strict"
import { join, resolve } from "node:path"
import { test } from "node:test"
import { MemoryFiles } from "../files/memory-files.ts"
import { readConfig } from "./config.ts"

const ROOT = resolve("/opt/hello")
const FILE = join(ROOT, "app/configuration.json")
const SETTINGS = {
  identifier: "a.b.c",
  build: { frontendDist: "frontend" },
  app: { security: { pattern: { use: "isolation", options: { dir: "isolation" } } } },
}
const FILES: Readonly<Record<string, string>> = {
  "app/configuration.json": JSON.stringify(SETTINGS),
  "app/frontend/index.html": "",
  "app/capabilities/more/main.json": `{"identifier": "main", "windows": ["main"], "permissions": ["allow-greet"]}`,
  "app/permissions/greet.toml": `[[permission]]\nidentifier = "allow-greet"\ncommands.allow = ["greet"]\n`,
}

function carry(files: Readonly<Record<string, string | undefined>> = {}): MemoryFiles {
  const all = { ...FILES, ...files }
  const names = Object.keys(all).filter((name) => all[name] !== undefined)
  return new MemoryFiles(ROOT, names, (name) => Buffer.from(all[name] ?? ""))
}

test("reads a configuration that a program carries, with its capabilities and permissions", async () => {
  const { frontendDist, pattern, capabilities, permissions } = await readConfig(FILE, undefined, { files: carry() })
  assert.equal(frontendDist, join(ROOT, "app/frontend"))
  assert.deepEqual(pattern, { use: "isolation", dir: join(ROOT, "app/isolation") })
  assert.deepEqual(
    capabilities?.map(({ identifier }) => identifier),
    ["main"],
  )
  assert.deepEqual(permissions?.[0]?.commands.allow, ["greet"])
})

test("an app without capabilities has none, which is not the same as an empty list of them", async () => {
  const files = carry({ "app/capabilities/more/main.json": undefined, "app/permissions/greet.toml": undefined })
  const { capabilities, permissions } = await readConfig(FILE, undefined, { files })
  assert.deepEqual([capabilities, permissions], [null, null])
})

test("a configuration that is not carried, and a frontend that is not, are problems with their place", async () => {
  const cases: readonly (readonly [file: string, code: string])[] = [
    ["app/configuration.json", "UNREADABLE"],
    ["app/frontend/index.html", "FOLDER_MISSING"],
  ]
  for (const [file, code] of cases)
    await assert.rejects(readConfig(FILE, undefined, { files: carry({ [file]: undefined }) }), (error) => {
      const { problems } = error as { problems: readonly { code: string; file: string }[] }
      assert.deepEqual([problems[0]?.code, problems[0]?.file], [code, FILE])
      return true
    })
})
