import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { type Reference, relocate } from "./relocate.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-relocate-")))
after(() => rmSync(root, { recursive: true, force: true }))
mkdirSync(join(root, "notes"))
for (const name of ["a b.txt", "worker.ts"]) writeFileSync(join(root, name), "")
const MODULE = join(root, "core.ts")

const code = (text: string, place = "core.ts", isEntry = false): string | undefined =>
  relocate(text, MODULE, place, isEntry)?.code
const references = (text: string): readonly Pick<Reference, "kind" | "what">[] =>
  (relocate(text, MODULE, "core.ts", false)?.references ?? []).map(({ kind, what }) => ({ kind, what }))

const MOVED: readonly (readonly [text: string, moved: string])[] = [
  ["f(import.meta.url)", 'f(new URL("core.ts", import.meta.url).href)'],
  ["f(import . meta . filename)", 'f((import.meta.dirname + "/core.ts"))'],
  ["f(import.meta.dirname)", 'f((import.meta.dirname + ""))'],
  ["if (import.meta.main) f()", "if (false) f()"],
  ["let a: string = import.meta.url", 'let a         = new URL("core.ts", import.meta.url).href'],
  [
    'f("import.meta.url", import.meta.url) // import.meta.url',
    'f("import.meta.url", new URL("core.ts", import.meta.url).href) // import.meta.url',
  ],
]
for (const [text, moved] of MOVED) test(`${text} is where it was`, () => assert.equal(code(text), moved))

test("a module in a folder, and one with a strange name, know where they were", () => {
  assert.equal(code("f(import.meta.dirname)", "core/main.ts"), 'f((import.meta.dirname + "/core"))')
  assert.equal(code("f(import.meta.url)", "a b#/c?.ts"), 'f(new URL("a%20b%23/c%3F.ts", import.meta.url).href)')
  assert.equal(code("f(import.meta.main)", "core.ts", true), "f(true)")
})

test("what a module says keeps its line", () => {
  assert.equal(
    code("#!/usr/bin/env node\ntype A = 1\n\nf(import.meta.url)")?.split("\n")[3]?.slice(0, 10),
    "f(new URL(",
  )
})

test("modules that do not ask, and those that nobody understands, are left alone", () => {
  for (const text of [
    "f(1)",
    "// important",
    "import x from 'y'",
    "f(import.meta.url",
    "enum A {}; f(import.meta.url)",
  ])
    assert.equal(relocate(text, MODULE, "core.ts", false), null)
})

const FOUND: readonly (readonly [text: string, kind: Reference["kind"] | null, what?: string])[] = [
  ['new URL("a%20b.txt", import.meta.url)', "file", "a b.txt"],
  ['new URL("./a b.txt?x#y", import.meta.url)', "file", "a b.txt"],
  ['new Worker(new URL("./worker.ts", import.meta.url))', "program", "worker.ts"],
  ['new URL("./notes", import.meta.url)', "folder", "notes"],
  ['new URL("./not-there.txt", import.meta.url)', null],
  ['new URL("https://example.org/", import.meta.url)', null],
  ['new URL("a%20b.txt", base); import.meta.url', null],
]
for (const [text, kind, what = ""] of FOUND)
  test(`${text} refers to ${kind ?? "nothing"}`, () =>
    assert.deepEqual(references(text), kind === null ? [] : [{ kind, what: join(root, what) }]))

test("says with the place what only turns up when it runs", () => {
  const text =
    "\n  await import(a + b)\nawait import('./c.ts')\nmodule.createRequire(import.meta.url)\nf(import.meta.env)\n"
  assert.deepEqual(relocate(text, MODULE, "core.ts", false)?.references, [
    { module: MODULE, line: 2, column: 9, kind: "import", what: "a + b" },
    { module: MODULE, line: 4, column: 1, kind: "require", what: "createRequire(import.meta.url)" },
    { module: MODULE, line: 5, column: 3, kind: "meta", what: "env" },
  ])
})
