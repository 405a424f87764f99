import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { ISOLATION_APP_ERRORS } from "./isolation-app-error.ts"
import { parseLock, serializeLock } from "./lock.ts"

const text: string = readFileSync(new URL("../../docs/isolation-lock.md", import.meta.url), "utf8")

test("docs/isolation-lock.md names every code of a lock, and no other", () => {
  const named = [...text.matchAll(/^\| (`LOCK_.*?) \|/gm)].flatMap(([, codes = ""]) => codes.match(/LOCK_\w+/g) ?? [])
  const codes = Object.keys(ISOLATION_APP_ERRORS).filter((code) => code.startsWith("LOCK_"))
  assert.deepEqual(named.sort(), codes.sort())
})

test("docs/isolation-lock.md shows a lock", () => {
  const shown = (/^```json\n(.*?)^```$/ms.exec(text)?.[1] ?? "").replace('"…"', `"${"A".repeat(86)}"`)
  assert.equal(serializeLock(parseLock(shown, "shown")), shown)
})
