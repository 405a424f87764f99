import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { parse } from "acorn"
import { transform } from "esbuild"
import { NEWER, SUPPORTED, TARGETS } from "./browser-support.ts"
import { bundle, SCRIPTS } from "./embed.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "sallyport-browsers-"))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Names of globals and members in a script, members also with the name of their object: `from`, `Array.from`. */
function namesIn(script: string): ReadonlySet<string> {
  const names = new Set<string>()
  const nameOf = (node: unknown): string => (node as { name?: string } | null)?.name ?? ""
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return
    const { type, name, object, property, computed } = node as Record<string, unknown>
    if (type === "Identifier") names.add(name as string)
    if (type === "MemberExpression" && computed === false) {
      names.add(`${nameOf(object)}.${nameOf(property)}`)
      // By itself, and not what a variable is called.
      names.add(`.${nameOf(property)}`)
    }
    Object.values(node).forEach(walk)
  }
  walk(parse(script, { ecmaVersion: 2023, sourceType: "script" }))
  return names
}

/** Members of `NEWER` in a script. What is neither a global object nor a member is a name of the script's own. */
function newerIn(script: string): readonly string[] {
  const names = namesIn(script)
  const isGlobal = (name: string): boolean => /^[A-Z]/.test(name) && names.has(name)
  return NEWER.filter((name) => (name.includes(".") ? names.has(name) : names.has(`.${name}`) || isGlobal(name)))
}

for (const script of SCRIPTS)
  test(`${script.name} uses nothing that a supported browser does not have`, async () =>
    assert.deepEqual(newerIn(await bundle(script)), []))

for (const [script, expected] of [
  ["a.isWellFormed()", ["isWellFormed"]],
  ["const { promise } = Promise.withResolvers()", ["withResolvers"]],
  ["URL.canParse(a)", ["URL.canParse"]],
  ["new Set([1]).union(b)", ["union"]],
  ["new Float16Array(1)", ["Float16Array"]],
  ["const union = 1; Promise.any([union]); JSON.parse(a)", []],
] as const)
  test(`finds in "${script}": ${expected.join() || "nothing"}`, () => assert.deepEqual(newerIn(script), expected))

test("the bundler compiles syntax that a supported browser does not have, or refuses it", async () => {
  const { code } = await transform("class A { static { this.a = 1 } }\nvar b = /a/v", { target: [...TARGETS] })
  assert.match(code, /new RegExp\("a", "v"\)/)
  await assert.rejects(transform("await using a = b", { target: [...TARGETS], format: "iife" }))
})

for (const part of ["src/page", "src/boundary/sandbox"])
  test(`${part} is compiled with the members of ES2023 alone: a newer one is an error`, () => {
    const { compilerOptions } = JSON.parse(readFileSync(join(root, part, "tsconfig.json"), "utf8"))
    const file = join(folder, "newer.ts")
    const check = (text: string): number | null => {
      writeFileSync(file, text)
      const flags = ["--noEmit", "--ignoreConfig", "--target", "es2023", "--lib", compilerOptions.lib.join(), file]
      return spawnSync(join(root, "node_modules/.bin/tsc"), flags).status
    }
    assert.equal(check("export const a = [1].toSorted()"), 0)
    assert.notEqual(check('export const a = "".isWellFormed()'), 0)
  })

test("docs/guide.md says which browsers are supported", () => {
  const guide = readFileSync(join(root, "docs/guide.md"), "utf8")
  for (const [browser, oldest] of SUPPORTED) assert.ok(guide.includes(`\n| ${browser} | ${oldest} |`), browser)
})
