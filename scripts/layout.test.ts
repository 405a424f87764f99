import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
/** A project with nothing in it but the rules. */
const project = mkdtempSync(join(tmpdir(), "sallyport-layout-"))
copyFileSync(join(root, "biome.json"), join(project, "biome.json"))
after(() => rmSync(project, { recursive: true, force: true }))

const ROWS: readonly (readonly [from: string, to: string, allowed: boolean])[] = [
  ["page", "../boundary/wire/errors.ts", true],
  ["page", "../protocol/close-codes.ts", true],
  ["page", "../boundary/sandbox/sealer.ts", false],
  ["page", "../core/core.ts", false],
  ["boundary/wire", "./errors.ts", true],
  ["boundary/wire", "../sandbox/sealer.ts", false],
  ["boundary/wire", "../../protocol/endpoints.ts", false],
  ["boundary/sandbox", "./sealer.ts", true],
  ["boundary/sandbox", "../wire/errors.ts", true],
  ["boundary/sandbox", "../core/record-opener.ts", false],
  ["boundary/sandbox", "../../protocol/endpoints.ts", false],
  ["boundary/sandbox", "../../page/calls.ts", false],
  ["boundary/core", "./tickets.ts", true],
  ["boundary/core", "../wire/own.ts", true],
  ["boundary/core", "../sandbox/sealer.ts", false],
  ["boundary/core", "../../core/gate.ts", false],
  ["boundary/core", "../../protocol/endpoints.ts", false],
  ["page", "../boundary/core/record-opener.ts", false],
  ["server/key", "./own-sockets.ts", true],
  ["server/key", "../respond.ts", true],
  ["server/key", "../../core/gate.ts", true],
  ["server/key", "../../page/calls.ts", false],
  ["server/key", "../../app.ts", false],
  ["core", "../boundary/core/record-opener.ts", true],
  ["protocol", "./endpoints.ts", true],
  ["protocol", "../boundary/wire/messages.ts", true],
  ["protocol", "../core/core.ts", false],
  ["core", "../boundary/wire/errors.ts", true],
  ["core", "../boundary/sandbox/sealer.ts", false],
  ["core", "../server/server.ts", false],
  ["core", "../app.ts", false],
  ["core/capabilities", "../access.ts", true],
  ["core/capabilities", "../../app.ts", false],
  ["core/capabilities", "../../config/nearest.ts", false],
  ["server", "../core/gate.ts", true],
  ["server", "../page/calls.ts", false],
  ["window", "../config/config.ts", false],
  ["window", "../single-instance/claim.ts", false],
  ["single-instance", "../window/data-folder.ts", true],
  ["single-instance", "../core/core.ts", false],
  ["single-instance", "../app.ts", false],
  ["core", "../single-instance/claim.ts", false],
  ["page", "../single-instance/claim.ts", false],
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
  ["core", "../client/internals.ts", false],
  ["core/capabilities", "../../client/internals.ts", false],
  ["page", "../client/internals.ts", false],
  ["server", "../client/internals.ts", false],
  ["client", "../core/channel.ts", true],
  ["client", "../core/core.ts", false],
  ["client", "../client.ts", false],
  ["embedded", "../page/bridge.ts", false],
  ["plugins", "../glob/glob-text.ts", false],
]

/** May import every folder, and no other folder may import it: the rows above show the latter. */
const TOP = "cli"

interface Override {
  readonly includes: readonly string[]
  readonly linter?: {
    readonly rules: {
      readonly style?: {
        readonly noRestrictedImports?: {
          readonly options: {
            readonly patterns: readonly { readonly group: readonly string[]; readonly message: string }[]
          }
        }
      }
    }
  }
}

describe("each folder of src", () => {
  const foldersIn = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  // Each part of the boundary has a list of its own.
  const boundary = foldersIn("src/boundary").map((name) => `boundary/${name}`)
  const folders = [...foldersIn("src").filter((name) => name !== "boundary"), ...boundary]
  const { overrides } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as { overrides: readonly Override[] }
  const lists = overrides.flatMap(({ includes, linter }) =>
    (linter?.rules.style?.noRestrictedImports?.options.patterns ?? []).map((pattern) => ({ includes, ...pattern })),
  )
  const folderOf = (include: string | undefined): string =>
    /^src\/(boundary\/[^/]+|[^/]+)/.exec(include ?? "")?.[1] ?? ""
  const namedBy = (name: string | undefined): readonly string[] => (name === "boundary" ? boundary : name ? [name] : [])

  test("has a list of what it may not import", () => {
    const listed = new Set(lists.map(({ includes }) => folderOf(includes[0])))
    assert.deepEqual([...listed, TOP].toSorted(), folders.toSorted())
  })

  for (const { includes, group, message } of lists)
    test(`is in the list of ${includes[0]}, or named as one that it may import`, () => {
      const allowed = [
        ...message.slice(message.indexOf(" may import ")).matchAll(/src\/(boundary\/[\w-]+|[\w-]+)/g),
      ].map(([, name]) => name)
      const denied = group.flatMap((glob) =>
        /^\.\.\/(?:\*\/)?\*\*$/.test(glob) ? folders : namedBy(/^\*\*\/(.+)\/\*\*$/.exec(glob)?.[1]),
      )
      const known = new Set([folderOf(includes[0]), ...allowed, ...denied])
      assert.deepEqual([...known].toSorted(), folders.toSorted())
    })
})

describe("the linter", () => {
  /** Files that import what they may not. One run for all of them: it takes longer to start than to read. */
  let refused: ReadonlySet<string>
  const fileOf = (row: number, from: string): string => `src/${from}/new${row}.ts`
  before(() => {
    for (const [row, [from, to]] of ROWS.entries()) {
      mkdirSync(join(project, "src", from), { recursive: true })
      const text = `import { thing } from "${to}"\n\nexport const other: unknown = thing\n`
      writeFileSync(join(project, fileOf(row, from)), text)
    }
    const args = [
      "lint",
      "--vcs-enabled=false",
      "--only=style/noRestrictedImports",
      "--max-diagnostics=none",
      "--reporter=github",
      "src",
    ]
    const { stdout } = spawnSync(join(root, "node_modules/.bin/biome"), args, { cwd: project, encoding: "utf8" })
    refused = new Set(
      [...stdout.matchAll(/noRestrictedImports,file=[^,]*\/(src\/[^,]*),/g)].map(([, file]) => file ?? ""),
    )
  })

  for (const [row, [from, to, allowed]] of ROWS.entries())
    test(`${allowed ? "lets" : "does not let"} src/${from} import ${to}`, () =>
      assert.equal(refused.has(fileOf(row, from)), !allowed))
})
