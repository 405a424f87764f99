import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { describe, test } from "node:test"
import { ERRORS } from "../boundary/wire/errors.ts"
import { LIMITS } from "../boundary/wire/limits.ts"
import { CLOSE } from "./close-codes.ts"

const text: string = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8")

/** First cells of the table under a heading. */
function column(heading: string, cell: number): string[] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? ""
  const rows = section.split("\n").filter((line) => line.startsWith("|"))
  return rows.slice(2).map((row) => row.split("|")[cell + 1]?.trim().replaceAll("`", "") ?? "")
}

const VALUES: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, s: 1000 }

describe("docs/protocol.md names", () => {
  test("every limit, and its default", () => {
    const documented = column("Limits", 0).map((name, index) => {
      const [, amount = "", unit = ""] = /^([\d,]+) ?(\w*)/.exec(column("Limits", 1)[index] ?? "") ?? []
      return [name, Number(amount.replaceAll(",", "")) * (VALUES[unit] ?? 1)]
    })
    assert.deepEqual(documented, Object.entries(LIMITS))
  })

  test("every error code, and no other", () => {
    assert.deepEqual(column("Error codes", 0).toSorted(), Object.keys(ERRORS).toSorted())
  })

  test("every close code of ours, by number and name", () => {
    const documented = column("Close codes", 0).map((code, index) => [column("Close codes", 1)[index], Number(code)])
    const ours = Object.entries(CLOSE).filter(([, code]) => code >= 4000)
    assert.deepEqual(documented.slice(1), ours)
  })
})
