import assert from "node:assert/strict"
import { appendFileSync, closeSync, openSync, symlinkSync, truncateSync, writeSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { folderWith } from "./folder.fixture.ts"
import { LARGEST_FILE, readWholeFile } from "./read-whole-file.ts"

const fileOf = (size: number): string => {
  const file = join(folderWith({ "a.js": "" }), "a.js")
  truncateSync(file, size)
  return file
}

test("reads a file of the largest size, and refuses one byte more without reading it", async () => {
  const largest = fileOf(LARGEST_FILE)
  assert.equal((await readWholeFile(largest, largest)).length, LARGEST_FILE)
  for (const size of [LARGEST_FILE + 1, 100 * 1024 * 1024, 2 ** 40]) {
    const file = fileOf(size)
    const message = new RegExp(`has ${size} bytes, of at most ${LARGEST_FILE}`)
    await assert.rejects(readWholeFile(file, file), { code: "FILE_TOO_LARGE", file, message })
  }
})

/** Reads a file that is written to meanwhile, until a few readings were refused, or many were not. */
async function refusals(file: string, write: () => void): Promise<number> {
  const writing = setInterval(write)
  let refused = 0
  for (let tries = 0; refused < 3 && tries < 10_000; tries++) {
    await readWholeFile(file, file).catch((error: unknown) => {
      assert.match(String(error), /this file was changed while it was read/)
      refused += 1
    })
  }
  clearInterval(writing)
  return refused
}

test("refuses a file that gets another length while it is read", async () => {
  const file = fileOf(LARGEST_FILE)
  assert.equal(await refusals(file, () => truncateSync(file, LARGEST_FILE - Math.trunc(Math.random() * 99))), 3)
})

test("refuses a file that is changed in place while it is read", async () => {
  const file = fileOf(LARGEST_FILE)
  const opened = openSync(file, "r+")
  assert.equal(await refusals(file, () => writeSync(opened, "x", 0)), 3)
  closeSync(opened)
})

test("ends with a file that grows as it is read", async () => {
  const file = fileOf(LARGEST_FILE - 1024)
  const growing = setInterval(() => appendFileSync(file, "x"))
  await readWholeFile(file, file).catch((error: unknown) => assert.match(String(error), /changed while it was read/))
  clearInterval(growing)
})

test("opens no link that was put in place of the file", async () => {
  const file = fileOf(1)
  symlinkSync(file, `${file}-link`)
  await assert.rejects(readWholeFile(`${file}-link`, file), { code: "UNREADABLE", file })
})
