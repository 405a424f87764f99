import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
/** A project with nothing in it but the rules. */
const project = mkdtempSync(join(tmpdir(), "sallyport-layout-"))
copyFileSync(join(root, "biome.json"), join(project, "biome.json"))
after(() => rmSync(project, { recursive: true, force: true }))

/** Whether the linter lets a file of one folder import from another. */
function mayImport(from: string, to: string): boolean {
  const file = join(project, "src", from, "new.ts")
  mkdirSync(join(project, "src", from), { recursive: true })
  writeFileSync(file, `import { thing } from "${to}"\n\nexport const other: unknown = thing\n`)
  const { status, stderr } = spawnSync(join(root, "node_modules/.bin/biome"), ["lint", "--vcs-enabled=false", file], {
    cwd: project,
    encoding: "utf8",
  })
  if (status !== 0) assert.match(stderr, /noRestrictedImports/)
  return status === 0
}

const ROWS: readonly (readonly [from: string, to: string, allowed: boolean])[] = [
  ["page", "../protocol/errors.ts", true],
  ["page", "../sandbox/sealer.ts", false],
  ["page", "../core/core.ts", false],
  ["sandbox", "../protocol/errors.ts", true],
  ["sandbox", "../page/calls.ts", false],
  ["protocol", "./errors.ts", true],
  ["protocol", "../core/core.ts", false],
  ["core", "../protocol/errors.ts", true],
  ["core", "../server/server.ts", false],
  ["core", "../app.ts", false],
  ["core/capabilities", "../access.ts", true],
  ["core/capabilities", "../../app.ts", false],
  ["core/capabilities", "../../config/nearest.ts", false],
  ["server", "../core/gate.ts", true],
  ["server", "../page/calls.ts", false],
  ["window", "../config/config.ts", false],
  ["plugins", "../core/command.ts", true],
  ["plugins", "../server/server.ts", false],
  ["plugins", "../app.ts", false],
  ["plugins/fs", "../arguments.ts", true],
  ["plugins/fs", "../../core/command.ts", true],
  ["plugins/fs", "../../app.ts", false],
  ["plugins/fs", "../../server/server.ts", false],
  ["core", "../plugins/event.ts", false],
  ["directories", "../core/command.ts", false],
  ["directories", "../glob/glob-text.ts", true],
  ["page", "../glob/glob-text.ts", false],
  ["glob", "../directories/glob.ts", false],
  ["files", "../config/config.ts", false],
  ["config", "../files/memory-files.ts", true],
  ["server", "../files/memory-files.ts", true],
  ["isolation-app", "../files/memory-files.ts", true],
  ["core", "../files/memory-files.ts", false],
  ["page", "../files/memory-files.ts", false],
  ["cli", "../server/server.ts", true],
  ["core", "../cli/commands.ts", false],
  ["isolation-app", "../cli/commands.ts", false],
]

for (const [from, to, allowed] of ROWS)
  test(`src/${from} ${allowed ? "may" : "may not"} import ${to}`, () => assert.equal(mayImport(from, to), allowed))
