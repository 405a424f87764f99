import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { CommandError } from "../run-command.ts"
import { readTestFile } from "./test-file.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-cases-"))
after(() => rmSync(folder, { recursive: true }))

let written = 0
function file(text: string, ending = "json"): string {
  const path = join(folder, `${++written}.test.${ending}`)
  writeFileSync(path, text)
  return path
}
const json = (value: unknown): string => file(JSON.stringify(value))

test("reads a list of cases, with the defaults of what is left out", async () => {
  const { cases } = await readTestFile(json([{ name: "a", call: { cmd: "b" }, expect: "pass" }]))
  assert.deepEqual(cases, [
    { name: "a", call: { cmd: "b", payload: {}, headers: null }, window: "main", expect: "pass" },
  ])
})

test("reads JSON with comments, and what may pass of hostile arguments", async () => {
  const { cases, accepted } = await readTestFile(
    file(`// of the notes\n{ "cases": [], "fuzz": { "accept": { "search": ["type", "huge"] } }, }`),
  )
  assert.deepEqual(cases, [])
  assert.deepEqual([...accepted], [["search", ["type", "huge"]]])
})

test("reads the default export of TypeScript", async () => {
  const { cases } = await readTestFile(
    file(
      `const bytes: Uint8Array = new Uint8Array([1])
export default [{ name: "raw", call: { cmd: "b", payload: bytes }, window: "other", expect: { refuse: "large" } }]`,
      "ts",
    ),
  )
  assert.deepEqual(cases[0]?.call.payload, new Uint8Array([1]))
  assert.deepEqual([cases[0]?.window, cases[0]?.expect], ["other", { refuse: "large" }])
})

const good = { name: "a", call: { cmd: "b" }, expect: "pass" }
const WRONG: readonly (readonly [value: unknown, message: RegExp])[] = [
  [7, /expected an object with cases, fuzz/],
  [{ case: [] }, /\.case: there is no such key; did you mean cases\?/],
  [{ cases: {} }, /cases: expected a list/],
  [[good, 7], /cases\[1\]: expected an object with name, call, window, expect/],
  [[{ ...good, name: "" }], /cases\[0\]\.name: expected a text/],
  [[{ ...good, expected: 1 }], /cases\[0\]\.expected: there is no such key; did you mean expect\?/],
  [[{ ...good, call: "b" }], /cases\[0\] \("a"\)\.call: expected an object/],
  [[{ ...good, call: { cmd: 7 } }], /\("a"\)\.call\.cmd: expected the command's name/],
  [[{ ...good, call: { cmd: "b", headers: { a: 1 } } }], /\.call\.headers: expected an object of texts/],
  [[{ ...good, expect: "refused" }], /\.expect: expected "pass", "refuse"/],
  [[{ ...good, expect: { payload: 1, refuse: "x" } }], /\.expect: expected one of/],
  [[{ ...good, expect: {} }], /\.expect: expected one of/],
  [[{ ...good, window: 1 }], /\.window: expected a window's label/],
  [{ cases: [], fuzz: { accept: { b: ["typo"] } } }, /fuzz\.accept\["b"\]: "typo" is none of any, traversal, /],
]
for (const [value, message] of WRONG)
  test(`says where ${JSON.stringify(value)} is wrong`, async () => {
    const path = json(value)
    await assert.rejects(readTestFile(path), (error: unknown) => {
      assert.ok(error instanceof CommandError)
      assert.ok(error.message.startsWith(`${path}: `))
      assert.match(error.message, message)
      return true
    })
  })

test("says where a file is no JSON, and why a module cannot be loaded", async () => {
  await assert.rejects(readTestFile(file("[1,\n,]")), /invalid character ',' at 2:1/)
  await assert.rejects(readTestFile(file("export const cases = []", "ts")), /has no default export/)
  await assert.rejects(readTestFile(join(folder, "none.json")), /ENOENT/)
})
