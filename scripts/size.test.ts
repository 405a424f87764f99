import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { countLines, EXCEPTIONS, filesOf, importsOf, measureBoundary, PARTS, strayImports } from "./boundary-size.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
/** A project with a boundary of its own. */
const project = mkdtempSync(join(tmpdir(), "sallyport-size-"))
after(() => rmSync(project, { recursive: true, force: true }))

function write(file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true })
  writeFileSync(join(project, file), text)
}
for (const { folder } of PARTS) write(`${folder}/a.ts`, "export const a = 1\n")

for (const { name, budget, allowed, because } of PARTS)
  test(`src/boundary: ${name} keeps to its budget of ${budget} lines of code`, () => {
    if (allowed !== undefined) {
      assert.ok(allowed < budget * 1.1, "a budget may be missed by less than a tenth")
      assert.ok((because ?? "").length > 20)
    }
    const lines = measureBoundary(root)[name]
    assert.ok(lines <= (allowed ?? budget), `${lines} lines`)
  })

test("the boundary imports nothing from outside it, types included, but for the exceptions", () => {
  assert.deepEqual(strayImports(root), [])
  const files = PARTS.flatMap(({ folder }) => filesOf(root, folder))
  for (const each of Object.keys(EXCEPTIONS)) assert.ok(files.includes(each.split(" ")[0] ?? ""), each)
})

test("npm run size prints the lines of each part as JSON", () => {
  const { stdout, status } = spawnSync(process.execPath, [join(root, "scripts/size.ts"), "--json"], {
    encoding: "utf8",
  })
  assert.deepEqual([JSON.parse(stdout), status], [measureBoundary(root), 0])
})

for (const [name, source, lines] of [
  ["nothing", "", 0],
  ["blank lines", "\n  \n\n", 0],
  ["comments of one line and of several", "// a\n/* b */\n/**\n * c\n */\nexport const a = 1 // d\n", 1],
  ["types", "export interface A {\n  readonly b: string\n}\n", 3],
  ["comment signs in strings and regular expressions", 'export const a = "// b"\nexport const c = /\\/\\* d/\n', 2],
  ["templates over several lines", "export const a = `\n// b\n\n`\n", 3],
] as const)
  test(`counts ${name}: ${lines}`, () => assert.equal(countLines(source), lines))

test("does not count tests and fixtures", () => {
  write("src/boundary/wire/a.test.ts", "1\n2\n3\n")
  write("src/boundary/wire/b.fixture.ts", "1\n2\n3\n")
  assert.equal(measureBoundary(project).wire, 1)
})

test("finds imports of every form", () => {
  const source = `import a from "./a.ts"
import type { B } from "./b.ts"
import {
  c,
} from "./c.ts"
import "./d.ts"
export * from "./e.ts"
export type { F } from "./f.ts"
await import("./g.ts")
type H = import("./h.ts").H
// import i from "./i.ts"
`
  const found = importsOf(source)
  assert.deepEqual(
    found,
    ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => `./${name}.ts`),
  )
})

for (const [folder, imported, isStray] of [
  ["src/boundary/wire", "../../page/calls.ts", true],
  ["src/boundary/wire", "../sandbox/a.ts", true],
  ["src/boundary/wire", "node:crypto", true],
  ["src/boundary/sandbox", "../wire/a.ts", false],
  ["src/boundary/sandbox", "../wire/a.fixture.ts", true],
  ["src/boundary/sandbox", "../core/a.ts", true],
  ["src/boundary/sandbox", "ws", true],
  ["src/boundary/core", "../wire/a.ts", false],
  ["src/boundary/core", "node:crypto", false],
  ["src/boundary/core", "../../core/core.ts", true],
  ["src/server/key", "../../boundary/core/a.ts", false],
  ["src/server/key", "../server.ts", true],
] as const)
  test(`${folder} ${isStray ? "may not" : "may"} import ${imported}`, () => {
    write(`${folder}/a.ts`, `import type { A } from "${imported}"\n`)
    assert.deepEqual(strayImports(project), isStray ? [`${folder}/a.ts ${imported}`] : [])
    write(`${folder}/a.ts`, "export const a = 1\n")
  })
