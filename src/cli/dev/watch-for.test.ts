import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { type Look, lookAtFiles, watchFor } from "./watch-for.ts"

/** Looks that come one after the other, the last one for ever. */
async function changesIn(
  ...looks: readonly Readonly<Record<string, string>>[]
): Promise<readonly (readonly string[])[]> {
  const told: (readonly string[])[] = []
  let next = 0
  let resolveAll: () => void
  const all = new Promise<void>((resolve) => {
    resolveAll = resolve
  })
  const look = async (): Promise<Look> => {
    if (next === looks.length + 2) resolveAll()
    return new Map(Object.entries(looks[Math.min(next++, looks.length - 1)] ?? {}))
  }
  const watching = watchFor(look, (names) => told.push(names))
  await all
  await watching.close()
  return told
}

test("tells what is otherwise than before, once it no longer changes", async () => {
  assert.deepEqual(await changesIn({ a: "1", b: "1" }, { a: "2", b: "1" }, { a: "3", b: "2" }), [["a", "b"]])
})

test("what is looked at for the first time has not changed", async () => {
  assert.deepEqual(await changesIn({ a: "1" }, { a: "1", b: "1" }), [])
})

test("a file that is written, deleted or made anew stands otherwise", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-watch-"))
  const file = join(folder, "file")
  const look = async (): Promise<string | undefined> => (await lookAtFiles([file])).get(file)
  const seen = [await look()]
  writeFileSync(file, "1")
  seen.push(await look())
  writeFileSync(file, "12")
  seen.push(await look())
  assert.equal(new Set(seen).size, 3)
  rmSync(folder, { recursive: true })
  assert.equal(await look(), seen[0])
})
