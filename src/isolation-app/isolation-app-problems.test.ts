import assert from "node:assert/strict"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { folderWith } from "./folder.fixture.ts"
import {
  ISOLATION_APP_ERRORS,
  IsolationAppError,
  type IsolationAppErrorCode,
  readIsolationApp,
} from "./isolation-app.ts"
import { hook, REFUSED } from "./refused-apps.fixture.ts"

async function errorOf(dir: string): Promise<IsolationAppError> {
  const error = await readIsolationApp(dir).then(
    () => assert.fail("the isolation app was accepted"),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof IsolationAppError, String(error))
  return error
}

const seen = new Set<IsolationAppErrorCode>()

async function assertRefused(dir: string, code: IsolationAppErrorCode, at: string, says: RegExp): Promise<void> {
  const error = await errorOf(dir)
  seen.add(error.code)
  const position = error.position === null ? "" : `:${error.position.line}:${error.position.column}`
  assert.deepEqual([error.code, `${error.file}${position}`], [code, join(dir, at)])
  assert.match(error.message, says)
  assert.ok(error.message.startsWith(`Isolation app: ${join(dir, at)}: `), error.message)
  assert.ok(error.message.endsWith(`To do: ${ISOLATION_APP_ERRORS[code]}.`), error.message)
}

for (const [promise, files, code, at, says] of REFUSED) {
  test(`refuses ${promise}`, () => assertRefused(folderWith(files), code, at, says))
}

test("says what a missing folder resolved to, and which setting names it", async () => {
  const dir = join(folderWith({}), "dist", "isolation")
  await assertRefused(dir, "DIR_MISSING", "", /does not exist.*app\.security\.pattern\.options\.dir/)
})

test("says that the folder is a file", async () => {
  const dir = join(folderWith({ "index.html": hook }), "index.html")
  await assertRefused(dir, "DIR_IS_FILE", "", /is a file, not a folder.*app\.security\.pattern\.options\.dir/)
})

test("resolves a relative folder from the working directory, and shows the result", async () => {
  const dir = folderWith({})
  mkdirSync(join(dir, "empty"))
  const before = process.cwd()
  process.chdir(dir)
  try {
    assert.equal((await errorOf("empty")).file, join(dir, "empty"))
  } finally {
    process.chdir(before)
  }
})

test("has a test for each of its errors; those of locks, of single files and of builds have theirs elsewhere", () => {
  const elsewhere = /^(LOCK|FILE|SOURCE|TYPESCRIPT|TAURI|REFERS)_|^(DIR_NOT_BUILT|NOT_WRITTEN)$/
  const here = Object.keys(ISOLATION_APP_ERRORS).filter((code) => !elsewhere.test(code))
  assert.deepEqual([...seen].sort(), here.sort())
})
