import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { AppBuildError } from "./app-build-error.ts"
import { type BundledCore, bundleCore } from "./bundle-core.ts"
import { findBundler } from "./bundler.ts"

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-bundle-")))
after(() => rmSync(temporary, { recursive: true, force: true }))

const OURS = fileURLToPath(new URL("../../../../node_modules/", import.meta.url))
const FACTS = { config: "tauri.conf.json", cwd: "", platform: null }

function project(files: Readonly<Record<string, string>>, packages: readonly string[]): string {
  const root = mkdtempSync(join(temporary, "project-"))
  for (const [name, text] of Object.entries({ "package.json": `{"type": "module"}`, ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  mkdirSync(join(root, "node_modules"), { recursive: true })
  for (const name of packages) symlinkSync(join(OURS, name), join(root, "node_modules", name))
  return root
}

const package_ = (name: string, text: string): Readonly<Record<string, string>> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: "index.cjs" }),
  [`node_modules/${name}/index.cjs`]: text,
})

const bundleIn = async (root: string, entry = "core.ts"): Promise<BundledCore> =>
  bundleCore(await findBundler(root), {
    entry: join(root, entry),
    root,
    facts: FACTS,
    config: join(root, "tauri.conf.json"),
  })

/** Runs a bundle where nothing of its project is; `planted` are files in the folder above it. */
function run(code: string, planted: Readonly<Record<string, string>> = {}): unknown {
  const above = project(planted, [])
  mkdirSync(join(above, "app"))
  const file = join(above, "app", "main.js")
  writeFileSync(file, code)
  writeFileSync(join(above, "app", "package.json"), `{"type": "module"}`)
  return JSON.parse(execFileSync(process.execPath, [file], { cwd: temporary, encoding: "utf8" }))
}

test("says which bundler to install where there is none, and takes Vite's", async () => {
  await assert.rejects(
    findBundler(project({}, [])),
    /found no bundler .* "npm install --save-dev esbuild" \(Vite's is taken, too\)$/,
  )
  assert.equal((await findBundler(project({}, ["esbuild", "rolldown"]))).name, "esbuild")
  assert.equal((await findBundler(project({}, ["rolldown"]))).name, "rolldown")
  assert.match((await findBundler(project({}, ["vite"]))).name, /^(esbuild|rolldown)$/)
})

for (const bundler of ["esbuild", "rolldown"]) {
  test(`${bundler}: a Core waits at its top level, knows where it was, and has what it imports late`, async () => {
    const root = project(
      {
        "core/main.ts": `import { createRequire } from "node:module"
import { old } from "old"
const require = createRequire(import.meta.url)
const __dirname: string = import.meta.dirname
await new Promise((resolve) => setTimeout(resolve, 1))
const { late } = await import("../late.ts")
const name = import.meta.url.split("/app/")[1]
console.log(JSON.stringify([name, late.split("/app/")[1], old, __dirname.endsWith("/app/core"), process.argv[1] === import.meta.filename, typeof require]))\n`,
        "late.ts": "export const late: string = import.meta.url\n",
        ...package_("old", `exports.old = [typeof require("node:path").join, __filename.slice(-7), typeof __dirname]`),
      },
      [bundler],
    )
    const { code, sources, warnings } = await bundleIn(root, "core/main.ts")
    assert.deepEqual(run(code), ["core/main.ts", "late.ts", ["function", "main.js", "string"], true, true, "function"])
    const own = ["core/main.ts", "late.ts", "node_modules/old/index.cjs"].map((name) => join(root, name))
    assert.deepEqual(sources, own)
    assert.deepEqual(
      warnings.map((warning) => warning.replace(/^.*?(main\.ts:)/, "$1")),
      ["main.ts:3:17: what it gives is not put into the build: import the modules by name"],
    )
    assert.equal((await bundleIn(root, "core/main.ts")).code, code, "the same bytes each time")
  })

  test(`${bundler}: what a package does without is looked for nowhere, though somebody has put it above the app`, async () => {
    const root = project(
      {
        "core.ts": `import { found } from "old"\nconsole.log(JSON.stringify(found))\n`,
        ...package_(
          "old",
          `const byName = () => require("faster")
const found = (get) => { try { return get() } catch (error) { return error.code } }
exports.found = [byName, () => require(["fast", "er"].join(""))].map(found)
try { exports.found.push(require("faster")) } catch (error) { exports.found.push(error.code) }`,
        ),
      },
      [bundler],
    )
    const { code } = await bundleIn(root)
    assert.deepEqual(run(code, package_("faster", "module.exports = 'planted'")), [
      "MODULE_NOT_FOUND",
      "MODULE_NOT_FOUND",
      "MODULE_NOT_FOUND",
    ])
  })

  const WRONG: readonly (readonly [what: string, files: Readonly<Record<string, string>>, says: RegExp])[] = [
    ["a syntax error", { "core.ts": "let a: = 1\n" }, /core\.ts:1:\d+/],
    ["a package that is not installed", { "core.ts": `import "nowhere"\n` }, /"nowhere"/],
    [
      "a native module",
      { "core.ts": `import "./a.node"\n`, "a.node": "" },
      /a native module cannot be put into a bundle/,
    ],
  ]
  for (const [what, files, says] of WRONG)
    test(`${bundler}: says where a Core has ${what}`, async () => {
      await assert.rejects(bundleIn(project(files, [bundler])), (error) => {
        assert.ok(error instanceof AppBuildError, String(error))
        assert.match(error.message, /^the Core cannot be bundled:\n/)
        assert.match(error.message, says)
        return true
      })
    })
}

test("finds the files that a Core reads beside itself, but its configuration, and says what cannot come along", async () => {
  const files = {
    "core.ts": `import "old"
export const urls = ["data.json", "worker.ts", "tauri.conf.json"].length
new URL("./data.json", import.meta.url); new URL("worker.ts", import.meta.url); new URL("tauri.conf.json", import.meta.url)\n`,
    "data.json": "{}",
    "worker.ts": "",
    "tauri.conf.json": "{}",
    ...package_("old", `require("bindings")`),
    ...package_("bindings", ""),
  }
  const root = project(files, ["esbuild"])
  const { files: found, warnings } = await bundleIn(root)
  assert.deepEqual(found, [join(root, "data.json")])
  assert.equal(warnings.length, 2)
  assert.match(warnings[0] ?? "", /^bindings looks for a native module when it runs/)
  assert.match(warnings[1] ?? "", /core\.ts:3:42: .*worker\.ts is a program of its own/)
})
