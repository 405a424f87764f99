import assert from "node:assert/strict"
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { buildIsolationApp } from "./build.ts"
import { folderWith, HOOK, html } from "./folder.fixture.ts"
import { LOCK_NAME } from "./lock.ts"
import { contents, type Files, project, SOURCE } from "./project.fixture.ts"

test("refuses to build into the source, in it, around it, and by another name", async () => {
  const { source, root } = project(SOURCE)
  const before = contents(join(source, "lib"))
  symlinkSync(source, join(root, "link"))
  for (const dir of [
    source,
    join(source, "dist"),
    join(source, "a", "b"),
    root,
    join(root, "link"),
    join(root, "link", "dist"),
  ]) {
    await assert.rejects(buildIsolationApp({ source, dir }), { code: "SOURCE_IS_DIR", file: dir })
  }
  assert.deepEqual(contents(join(source, "lib")), before)
  assert.equal(existsSync(join(source, "dist")), false)
})

const notBuilt: readonly [promise: string, files: Files, at: string, says: RegExp][] = [
  ["files of others", { "a.js": "1", "index.html": "x", "z.js": "" }, "", /holds what no build wrote: a\.js, z\.js/],
  ["many of them", Object.fromEntries([..."abcdefg"].map((name) => [name, ""])), "", /a, b, c, d, e and 2 more/],
  ["folders of others", { "node_modules/a": "1" }, "", /node_modules/],
  ["a page that no build wrote", { "index.html": html(`<script>${HOOK}</script>`) }, "index.html", /has no lock/],
  ["a lock alone", { [LOCK_NAME]: "{}" }, LOCK_NAME, /a lock without its isolation app/],
  ["a lock that is none", { [LOCK_NAME]: "{}", "index.html": "x" }, LOCK_NAME, /not the lock that a build wrote/],
]

for (const [promise, files, at, says] of notBuilt) {
  test(`leaves ${promise} where the build would be`, async () => {
    const paths = project(SOURCE, files)
    const before = readdirSync(paths.dir).sort()
    const expected = { code: "DIR_NOT_BUILT", file: join(paths.dir, at), message: says }
    await assert.rejects(buildIsolationApp(paths), expected)
    assert.deepEqual(readdirSync(paths.dir).sort(), before)
  })
}

test("leaves what was changed by hand, or added, since it was built", async () => {
  const paths = project(SOURCE)
  await buildIsolationApp(paths)
  const page = readFileSync(join(paths.dir, "index.html"), "utf8")
  writeFileSync(join(paths.dir, "index.html"), `${page}<!-- mine -->`)
  const changed = { code: "DIR_NOT_BUILT", message: /index\.html: this file was changed after it was built/ }
  await assert.rejects(buildIsolationApp(paths), changed)
  assert.match(readFileSync(join(paths.dir, "index.html"), "utf8"), /mine/)
  writeFileSync(join(paths.dir, "index.html"), page)
  writeFileSync(join(paths.dir, "notes.txt"), "mine")
  await assert.rejects(buildIsolationApp(paths), { code: "DIR_NOT_BUILT", message: /notes\.txt/ })
  assert.equal(readFileSync(join(paths.dir, "notes.txt"), "utf8"), "mine")
})

test("an empty folder may be where the build will be, a file may not", async () => {
  const paths = project(SOURCE)
  mkdirSync(paths.dir)
  await buildIsolationApp(paths)
  const other = project(SOURCE)
  writeFileSync(other.dir, "mine")
  await assert.rejects(buildIsolationApp(other), { code: "DIR_IS_FILE" })
  assert.equal(readFileSync(other.dir, "utf8"), "mine")
})

test("says of a link that leads nowhere that it does, and leaves it", async () => {
  const paths = project(SOURCE)
  symlinkSync("nowhere", paths.dir)
  await assert.rejects(buildIsolationApp(paths), { code: "NOT_WRITTEN", message: /this link leads nowhere/ })
  assert.deepEqual(readdirSync(paths.root).sort(), ["dist-isolation", "src-isolation"])
})

/** Does something as a user who may not look into other users' folders: root may. */
async function asAnyUser(work: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

const noModes = process.platform === "win32" && "Windows has no modes of files"
test("says that a folder or a file may not be read, or a folder not be written", { skip: noModes }, async () => {
  const root = folderWith({
    "open/index.html": html(`<script src="hook.js"></script>`),
    "open/hook.js": HOOK,
    "shut/index.html": "",
  })
  const [open, shut] = [join(root, "open"), join(root, "shut")]
  for (const folder of [join(root, ".."), root]) chmodSync(folder, 0o755)
  chmodSync(open, 0o555)
  chmodSync(shut, 0)
  chmodSync(join(open, "hook.js"), 0)
  await asAnyUser(async () => {
    const dir = join(root, "dist")
    await assert.rejects(buildIsolationApp({ source: shut, dir }), {
      code: "UNREADABLE",
      file: shut,
      message: /EACCES/,
    })
    const unreadable = { code: "UNREADABLE", file: join(open, "hook.js"), message: /EACCES/ }
    await assert.rejects(buildIsolationApp({ source: open, dir }), unreadable)
  })
  chmodSync(shut, 0o755)
  chmodSync(join(open, "hook.js"), 0o444)
  chmodSync(root, 0o555)
  await asAnyUser(async () => {
    const dir = join(root, "dist")
    await assert.rejects(buildIsolationApp({ source: open, dir }), {
      code: "NOT_WRITTEN",
      file: dir,
      message: /EACCES/,
    })
  })
  chmodSync(root, 0o755)
  chmodSync(open, 0o755)
})
