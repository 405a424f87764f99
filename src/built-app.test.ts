import assert from "node:assert/strict"
import { join, resolve } from "node:path"
import { test } from "node:test"
import { type BuildFacts, builtApp, problemOf } from "./built-app.ts"

const ROOT = resolve("/opt/hello")
const FACTS: BuildFacts = { config: "desktop/src-tauri/tauri.conf.json", cwd: "desktop", platform: null }

test("what runs from its sources is no build, whatever it asks for", () => {
  assert.equal(builtApp("anything"), null)
})

for (const asked of [
  undefined,
  "src-tauri/tauri.conf.json",
  "src-tauri",
  ".",
  join(ROOT, "desktop/src-tauri/tauri.conf.json"),
])
  test(`a build takes ${asked} for its configuration`, () => assert.equal(problemOf(FACTS, ROOT, asked), null))

for (const asked of ["src-tauri/other.conf.json", "/tmp/src-tauri/tauri.conf.json", "..", "desktop/src-tauri"])
  test(`a build cannot be led to ${asked}`, () =>
    assert.match(
      problemOf(FACTS, ROOT, asked) ?? "",
      /^createApp asks for .*, and this app was built with src-tauri\/tauri\.conf\.json: leave "config" out, or give that path/,
    ))

test("a build whose configuration differs by system runs on its own only", () => {
  assert.equal(problemOf({ ...FACTS, platform: process.platform }, ROOT, undefined), null)
  assert.match(problemOf({ ...FACTS, platform: "beos" }, ROOT, undefined) ?? "", /built for beos, .*: build it on /)
})
