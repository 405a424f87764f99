import assert from "node:assert/strict"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { CommandError } from "../../run-command.ts"
import { assertOutside, MANIFEST, replaceOutput, writeParts } from "./output-folder.ts"

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-output-")))
after(() => rmSync(temporary, { recursive: true, force: true }))

const folder = (): string => mkdtempSync(join(temporary, "project-"))
const build = (out: string, text: string): Promise<void> =>
  replaceOutput(out, (staged) => writeParts(staged, new Map([["folder/main.js", Buffer.from(text)]])))

test("puts a build in the place of the one before, and says what it consists of", async () => {
  const root = folder()
  const out = join(root, "deep", "dist-app")
  await build(out, "1")
  await build(out, "2")
  assert.equal(readFileSync(join(out, "folder/main.js"), "utf8"), "2")
  assert.deepEqual(readdirSync(join(root, "deep")), ["dist-app"])
  assert.deepEqual(JSON.parse(readFileSync(join(out, MANIFEST), "utf8")), {
    version: 1,
    files: { "folder/main.js": "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35" },
  })
})

test("a build that fails leaves the one before, and nothing beside it", async () => {
  const root = folder()
  const out = join(root, "dist-app")
  await build(out, "1")
  const failing = replaceOutput(out, async (staged) => {
    writeFileSync(join(staged, "half"), "")
    throw new Error("no more")
  })
  await assert.rejects(failing, /^Error: no more$/)
  assert.equal(readFileSync(join(out, "folder/main.js"), "utf8"), "1")
  assert.deepEqual(readdirSync(root), ["dist-app"])
})

test("clears up after a build that was killed, and puts back what it had moved away", async () => {
  const root = folder()
  const out = join(root, "dist-app")
  await build(out, "1")
  // No process has so high a number.
  const [left, old] = ["new", "old"].map((state) => join(root, `.dist-app.sallyport-99999999-0123abcd.${state}`))
  assert.ok(left !== undefined && old !== undefined)
  mkdirSync(left)
  mkdirSync(old)
  await build(out, "2")
  assert.deepEqual(readdirSync(root), ["dist-app"])
  renameSync(out, old)
  await assert.rejects(replaceOutput(out, () => Promise.reject(new Error("no more"))))
  assert.equal(readFileSync(join(out, "folder/main.js"), "utf8"), "2")
})

const LOST: readonly (readonly [what: string, make: (out: string) => void | Promise<void>, says: RegExp])[] = [
  ["a file", (out) => writeFileSync(out, ""), /this is a file, not a folder/],
  ["a link", (out) => symlinkSync(temporary, out), /this is a link/],
  [
    "somebody's folder",
    (out) => {
      mkdirSync(out)
      writeFileSync(join(out, "thesis.txt"), "")
    },
    /holds what no build wrote: thesis\.txt/,
  ],
  [
    "somebody's file in a build",
    async (out) => {
      await build(out, "1")
      writeFileSync(join(out, "folder/notes.db"), "")
    },
    /no build wrote the folder\/notes\.db in it/,
  ],
  [
    "a build that somebody changed",
    async (out) => {
      await build(out, "1")
      writeFileSync(join(out, "folder/main.js"), "x")
    },
    /folder\/main\.js was changed after it was built/,
  ],
]
for (const [what, make, says] of LOST)
  test(`does not take the place of ${what}`, async () => {
    const out = join(folder(), "dist-app")
    await make(out)
    await assert.rejects(build(out, "2"), (error) => {
      assert.ok(error instanceof CommandError)
      assert.match(error.message, says)
      assert.match(error.message, /or name another folder with --out$/)
      return true
    })
  })

test("takes the place of an empty folder, and says where it cannot write", async () => {
  const out = join(folder(), "dist-app")
  mkdirSync(out)
  await build(out, "1")
  const file = join(folder(), "file")
  writeFileSync(file, "")
  await assert.rejects(build(join(file, "dist-app"), "1"), /dist-app: cannot be written: ENOTDIR/)
})

test("does not go where it would be its own source, or in the place of one, by whichever name", async () => {
  const root = folder()
  mkdirSync(join(root, "frontend"))
  symlinkSync(join(root, "frontend"), join(root, "link"))
  const sources = [join(root, "frontend"), join(root, "core.ts")]
  const wrong: readonly (readonly [out: string, says: RegExp])[] = [
    [join(root, "frontend"), /this is .*frontend, of which/],
    [join(root, "frontend", "dist-app"), /this is in .*frontend, of which/],
    [join(root, "link", "a", "b"), /this is in .*frontend, of which/],
    [root, /it holds .*frontend, of which/],
  ]
  for (const [out, says] of wrong) await assert.rejects(assertOutside(out, sources), says)
  await assertOutside(join(root, "frontend-app"), sources)
  assert.equal(existsSync(join(root, "frontend-app")), false)
})
