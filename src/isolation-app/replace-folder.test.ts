import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { buildIsolationApp } from "./build.ts"
import type { BuiltFiles } from "./built-folder.ts"
import { folderWith, HOOK, html } from "./folder.fixture.ts"
import { readIsolationApp } from "./isolation-app.ts"
import { createLock, LOCK_NAME, serializeLock } from "./lock.ts"
import { recover, replaceFolder } from "./replace-folder.ts"

const BUILDER = fileURLToPath(new URL("build.fixture.ts", import.meta.url))

/** What a build would write, told apart by a comment. */
function files(comment: string): BuiltFiles {
  const page = html(`<script>${HOOK} // ${comment}</script>`)
  const sha256 = createHash("sha256").update(page).digest("hex")
  return { "index.html": page, [LOCK_NAME]: serializeLock(createLock([{ path: "index.html", sha256 }])) }
}
const put = async (dir: string, comment: string): Promise<boolean> =>
  await replaceFolder(dir, files(comment), async () => {})
const pageIn = (dir: string): string => readFileSync(join(dir, "index.html"), "utf8")

/** The process id of one that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""])
  await once(child, "exit")
  return child.pid ?? 0
}

test("leaves nothing beside the folder, whether it was replaced, was the same, or could not be", async () => {
  const root = folderWith({})
  const dir = join(root, "dist")
  assert.equal(await put(dir, "1"), true)
  assert.equal(await put(dir, "1"), false)
  assert.equal(await put(dir, "2"), true)
  await assert.rejects(
    replaceFolder(dir, files("3"), async () => {
      throw new Error("it would not start")
    }),
    /it would not start/,
  )
  assert.equal(pageIn(dir), files("2")["index.html"])
  assert.deepEqual(readdirSync(root), ["dist"])
})

test("looks at the new folder before the old one is touched", async () => {
  const dir = join(folderWith({}), "dist")
  await put(dir, "old")
  await replaceFolder(dir, files("new"), async (folder) => {
    assert.equal(pageIn(folder), files("new")["index.html"])
    assert.equal(pageIn(dir), files("old")["index.html"])
  })
  assert.equal(pageIn(dir), files("new")["index.html"])
})

test("does not lose what somebody puts there while it is replaced", async () => {
  for (const name of ["index.html", "mine.txt"]) {
    const root = folderWith({})
    const dir = join(root, "dist")
    await put(dir, "old")
    const replaced = replaceFolder(dir, files("new"), async () => writeFileSync(join(dir, name), "mine"))
    await assert.rejects(replaced, {
      code: "DIR_NOT_BUILT",
      message: /were changed while it was replaced: they are here now/,
    })
    const kept = readdirSync(root).find((folder) => folder.endsWith(".old"))
    assert.ok(kept)
    assert.equal(readFileSync(join(root, kept, name), "utf8"), "mine")
  }
})

test("several builds at a time end with what one of them built", async () => {
  const root = folderWith({})
  const dir = join(root, "dist")
  for (let round = 0; round < 10; round++) {
    await Promise.all(["1", "2", "3", "4"].map((comment) => put(dir, `${round} ${comment}`)))
    await readIsolationApp(dir)
    assert.deepEqual(readdirSync(root), ["dist"])
  }
})

test("puts back what a build that was killed had moved away, and clears up what it left", async () => {
  const root = folderWith({})
  const dir = join(root, "dist")
  await put(dir, "old")
  const id = await endedProcess()
  renameSync(dir, join(root, `.dist.sallyport-${id}-0123abcd.old`))
  mkdirSync(join(root, `.dist.sallyport-${id}-0123abcd.new`))
  writeFileSync(join(root, `.dist.sallyport-${id}-0123abcd.new`, "index.html"), "half")
  await recover(dir)
  assert.deepEqual(readdirSync(root), ["dist"])
  assert.equal(pageIn(dir), files("old")["index.html"])
})

test("touches nothing that a build which still runs, or anybody else, has put beside the folder", async () => {
  const root = folderWith({})
  const id = await endedProcess()
  const others = [
    `.dist.sallyport-${process.pid}-0123abcd.new`,
    ".dist.sallyport-x-0123abcd.new",
    `.dist.sallyport-${id}-0123abcd.other`,
    `.other.sallyport-${id}-0123abcd.new`,
    `dist.sallyport-${id}-0123abcd.new`,
  ]
  for (const name of others) {
    mkdirSync(join(root, name))
    writeFileSync(join(root, name, "index.html"), "")
  }
  const mixed = `.dist.sallyport-${id}-89abcdef.new`
  mkdirSync(join(root, mixed))
  writeFileSync(join(root, mixed, "mine.txt"), "")
  await recover(join(root, "dist"))
  assert.deepEqual(readdirSync(root).sort(), [...others, mixed].sort())
  assert.deepEqual(
    others.map((name) => readdirSync(join(root, name)).length),
    others.map(() => 1),
  )
  assert.deepEqual(readdirSync(join(root, mixed)), ["mine.txt"])
})

test("says why the folder cannot be written", async () => {
  const root = folderWith({})
  // There is a longest name, and the name beside it is longer.
  await assert.rejects(put(join(root, "d".repeat(240)), "1"), { code: "NOT_WRITTEN", message: /ENAMETOOLONG/ })
  writeFileSync(join(root, "file"), "")
  await assert.rejects(put(join(root, "file", "dist"), "1"), { code: "DIR_IS_FILE" })
  assert.deepEqual(readdirSync(root), ["file"])
})

/** Most of a build's start is spent on its types. */
const NODE_FLAGS = [
  "--disable-warning=ExperimentalWarning",
  `--import=${new URL("../../scripts/cached-types.mjs", import.meta.url)}`,
]

/** Whether a build over an earlier one reaches its nth change to the disk, and what it leaves when it is killed right before. */
async function killedBefore(nth: number): Promise<"done" | "old" | "new" | "missing"> {
  const page = (comment: string) => html(`<script>${HOOK} // ${comment}</script>`)
  const root = folderWith({ "old/index.html": page("old"), "new/index.html": page("new") })
  const dir = join(root, "dist", "isolation")
  await buildIsolationApp({ source: join(root, "old"), dir })
  const child = spawn(process.execPath, [...NODE_FLAGS, BUILDER, join(root, "new"), dir, String(nth)], {
    stdio: "inherit",
  })
  const [status, signal] = await once(child, "exit")
  assert.ok(status === 0 || signal === "SIGKILL", `${status} ${signal}`)
  const left = existsSync(dir) ? (/old|new/.exec(pageIn(dir))?.[0] as "old" | "new") : "missing"
  if (left !== "missing") await readIsolationApp(dir)

  // Whatever it left, the next build finds a whole folder, though its source may be broken by now, and nothing beside it.
  await assert.rejects(buildIsolationApp({ source: folderWith({ "index.html": "" }), dir }), {
    code: "HOOK_NOT_MENTIONED",
  })
  await readIsolationApp(dir)
  assert.deepEqual(readdirSync(join(root, "dist")), ["isolation"])
  return status === 0 ? "done" : left
}

test("a build that is killed at any time leaves the old folder or the new one; or none, and the next build puts it back", async () => {
  const seen: string[] = []
  for (let nth = 1; seen.at(-1) !== "done"; nth += 2)
    seen.push(...(await Promise.all([nth, nth + 1].map(killedBefore))))
  assert.match(seen.join(" "), /^(old )+missing (new )+done( done)?$/)
})
