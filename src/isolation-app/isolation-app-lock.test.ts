import assert from "node:assert/strict"
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, test } from "node:test"
import { folderWith, HOOK } from "./folder.fixture.ts"
import { ISOLATION_APP_ERRORS, IsolationAppError, readIsolationApp } from "./isolation-app.ts"
import { FILES, keyPair, lock, lockedApp } from "./lock.fixture.ts"
import { LOCK_NAME, type Lock, serializeLock } from "./lock.ts"
import { signLock } from "./lock-signature.ts"

const mine = keyPair()
const other = keyPair()
const seen = new Set<string>()

/** Reads an isolation app that must be refused: with this code, at this file of its folder. */
async function assertRefused(
  dir: string,
  code: string,
  at: string,
  says: RegExp,
  publicKey = mine.open,
): Promise<void> {
  await assert.rejects(readIsolationApp(dir, { publicKey }), (error) => {
    assert.ok(error instanceof IsolationAppError, String(error))
    assert.deepEqual([error.code, error.file], [code, join(dir, at)])
    assert.match(error.message, says)
    seen.add(code)
    return true
  })
}

async function assertRefusedByAnyone(dir: string, code: string, at: string, says: RegExp): Promise<void> {
  await assertRefused(dir, code, at, says)
  await assert.rejects(readIsolationApp(dir), { code, file: join(dir, at) })
}

const readLock = (dir: string): Lock => JSON.parse(readFileSync(join(dir, LOCK_NAME), "utf8"))
const writeSigned = (dir: string, files: Lock["files"]): void =>
  writeFileSync(join(dir, LOCK_NAME), serializeLock(signLock({ version: 1, files }, mine.secret)))

test("reads an isolation app that is as it was locked, and says what the lock says", async () => {
  const dir = await lockedApp()
  const app = await readIsolationApp(dir)
  assert.deepEqual(app.lock, { version: 1, files: app.files })
  assert.deepEqual(
    app.files.map(({ path }) => path),
    ["index.html", "index.js", "lib/check.js"],
  )
  assert.equal((await readIsolationApp(folderWith(FILES))).lock, null)
})

test("reads a signed one with its key, and with none", async () => {
  const dir = await lockedApp(mine.secret)
  assert.equal((await readIsolationApp(dir, { publicKey: mine.open })).lock?.signature?.publicKey, mine.publicKey)
  assert.equal((await readIsolationApp(dir)).lock?.signature?.publicKey, mine.publicKey)
})

test("reads a lock whose line ends version control has changed", async () => {
  const dir = await lockedApp(mine.secret)
  const text = readFileSync(join(dir, LOCK_NAME), "utf8")
  writeFileSync(join(dir, LOCK_NAME), `\uFEFF${text.replaceAll("\n", "\r\n")}`)
  await readIsolationApp(dir, { publicKey: mine.open })
})

test("files that are not locked and not loaded do not matter", async () => {
  const dir = await lockedApp(mine.secret)
  writeFileSync(join(dir, "README.md"), "x")
  await readIsolationApp(dir, { publicKey: mine.open })
})

for (const path of Object.keys(FILES)) {
  test(`refuses a change in ${path}, and says so before it believes what stands there`, async () => {
    for (const changed of [`${FILES[path]} `, "", "import 1; )", Uint8Array.of(0xff), "<meta http-equiv=refresh>"]) {
      const dir = await lockedApp(mine.secret)
      writeFileSync(join(dir, path), changed)
      await assertRefusedByAnyone(dir, "LOCK_FILE_CHANGED", path, /this file was changed after it was locked/)
    }
  })
}

test("says that it is line ends that changed", async () => {
  const dir = folderWith({ ...FILES, "index.js": `${HOOK}\n\n` })
  await lock(dir)
  writeFileSync(join(dir, "index.js"), `${HOOK}\r\n\r\n`)
  await assert.rejects(readIsolationApp(dir), { code: "LOCK_FILE_CHANGED", message: /its line ends were changed/ })
})

test("refuses when a locked file is gone, also when nothing would load it any more", async () => {
  const dir = await lockedApp(mine.secret)
  rmSync(join(dir, "lib/check.js"))
  await assertRefusedByAnyone(dir, "LOCK_FILE_MISSING", "lib/check.js", /does not exist/)
  writeFileSync(join(dir, "index.html"), `<script>${HOOK}</script>`)
  await assertRefusedByAnyone(dir, "LOCK_FILE_CHANGED", "index.html", /changed/)
})

test("refuses a script that is loaded and not locked", async () => {
  const dir = await lockedApp(mine.secret)
  writeSigned(
    dir,
    readLock(dir).files.filter(({ path }) => path !== "index.js"),
  )
  await assertRefusedByAnyone(dir, "LOCK_FILE_ADDED", "index.js", /index\.html loads this file, and it is not locked/)
})

test("refuses a file that is locked and not loaded", async () => {
  const dir = folderWith({ ...FILES, "z.js": HOOK })
  await lock(dir)
  const sha256 = readLock(dir).files.find(({ path }) => path === "index.js")?.sha256 ?? ""
  writeSigned(dir, [...readLock(dir).files, { path: "z.js", sha256 }])
  await assertRefusedByAnyone(dir, "LOCK_FILE_UNUSED", "z.js", /locked, and index\.html does not load it/)
})

test("refuses a link in place of a locked file, though it leads to the same bytes", async () => {
  const dir = await lockedApp(mine.secret)
  renameSync(join(dir, "index.js"), join(dir, "lib/index.js"))
  symlinkSync(join("lib", "index.js"), join(dir, "index.js"))
  await assertRefusedByAnyone(dir, "LOCK_FILE_CHANGED", "index.js", /this is a link to lib\/index\.js, and was a file/)
})

test("refuses a link that leads out of the folder, in place of a locked file or its folder", async () => {
  const dir = await lockedApp(mine.secret)
  renameSync(join(dir, "lib"), `${dir}-lib`)
  symlinkSync(`${dir}-lib`, join(dir, "lib"))
  await assert.rejects(readIsolationApp(dir), { code: "SCRIPT_OUTSIDE", message: /this link leads to / })
  rmSync(`${dir}-lib`, { recursive: true })
})

test("refuses a lock that is a link, also to nowhere", async () => {
  for (const target of ["elsewhere.json", "nowhere.json"]) {
    const dir = await lockedApp(mine.secret)
    renameSync(join(dir, LOCK_NAME), join(dir, "elsewhere.json"))
    symlinkSync(target, join(dir, LOCK_NAME))
    await assertRefusedByAnyone(dir, "LOCK_IS_LINK", LOCK_NAME, /this lock is a link/)
  }
})

test("refuses a lock that is a folder, is huge, or is no text", async () => {
  const dir = await lockedApp()
  rmSync(join(dir, LOCK_NAME))
  mkdirSync(join(dir, LOCK_NAME))
  await assertRefusedByAnyone(dir, "UNREADABLE", LOCK_NAME, /this is no file/)
  rmSync(join(dir, LOCK_NAME), { recursive: true })
  writeFileSync(join(dir, LOCK_NAME), "")
  truncateSync(join(dir, LOCK_NAME), 1024 * 1024 + 1)
  await assertRefusedByAnyone(dir, "FILE_TOO_LARGE", LOCK_NAME, /1048577 bytes, of at most 1048576/)
  writeFileSync(join(dir, LOCK_NAME), Uint8Array.of(0xff))
  await assertRefusedByAnyone(dir, "NOT_UTF8", LOCK_NAME, /no UTF-8/)
})

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const outside = { path: "../index.js", sha256: "a".repeat(64) }
for (const [promise, written, code] of [
  ["is no JSON", "{", "LOCK_NOT_JSON"],
  ["holds what no lock holds", text({ version: 1, files: "index.js" }), "LOCK_INVALID"],
  ["names a file outside", text({ version: 1, files: [outside] }), "LOCK_PATH"],
  ["is of a later version", text({ version: 2, files: [] }), "LOCK_VERSION"],
  ["is written otherwise", text({ files: [], version: 1 }), "LOCK_NOT_CANONICAL"],
] as const) {
  test(`refuses a lock that ${promise}`, async () => {
    const dir = folderWith({ ...FILES, [LOCK_NAME]: written })
    await assertRefusedByAnyone(dir, code, LOCK_NAME, /./)
  })
}

test("with a key, refuses an isolation app without a lock", async () => {
  const dir = folderWith(FILES)
  await assertRefused(dir, "LOCK_MISSING", LOCK_NAME, /there is no lock, and this app requires a signed one/)
})

test("with a key, refuses a lock without a signature", async () => {
  await assertRefused(await lockedApp(), "LOCK_UNSIGNED", LOCK_NAME, /has no signature/)
})

test("with a key, refuses a lock that was replaced along with the files: signed by another, or by nobody", async () => {
  const dir = await lockedApp(mine.secret)
  writeFileSync(join(dir, "index.js"), `${HOOK} // and more`)
  await lock(dir, other.secret)
  await assertRefused(dir, "LOCK_OTHER_KEY", LOCK_NAME, /is signed by ed25519:\S+, and this app requires ed25519:\S+\./)
  await readIsolationApp(dir, { publicKey: other.open })
  await lock(dir)
  await assertRefused(dir, "LOCK_UNSIGNED", LOCK_NAME, /this app requires one/)
})

test("refuses a signature that was made for other files, or that names a key which did not make it", async () => {
  const dir = await lockedApp(mine.secret)
  const { signature } = readLock(dir)
  assert.ok(signature)
  writeFileSync(join(dir, "index.js"), `${HOOK} // and more`)
  await lock(dir)
  writeFileSync(join(dir, LOCK_NAME), serializeLock({ ...readLock(dir), signature }))
  await assertRefusedByAnyone(dir, "LOCK_SIGNATURE_WRONG", LOCK_NAME, /does not belong to what this lock says/)

  await lock(dir, other.secret)
  const { value } = readLock(dir).signature ?? { value: "" }
  writeFileSync(join(dir, LOCK_NAME), serializeLock({ ...readLock(dir), signature: { ...signature, value } }))
  await assertRefusedByAnyone(dir, "LOCK_SIGNATURE_WRONG", LOCK_NAME, /does not belong/)
})

test("what was hashed is what is served, whatever becomes of the files", async () => {
  const dir = await lockedApp(mine.secret)
  const app = await readIsolationApp(dir, { publicKey: mine.open })
  const before = app.render("")
  for (const path of Object.keys(FILES)) writeFileSync(join(dir, path), "evil()")
  assert.equal(app.render(""), before)
})

after(() => {
  const codes = Object.keys(ISOLATION_APP_ERRORS).filter((code) => code.startsWith("LOCK_"))
  assert.deepEqual([...seen].filter((code) => code.startsWith("LOCK_")).sort(), codes.sort(), "each error has a test")
})
