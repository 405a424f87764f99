import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const COMPARISON: string = readFileSync(`${root}docs/comparison.md`, "utf8")
const README: string = readFileSync(`${root}README.md`, "utf8")

type Row = readonly string[]

/** The rows of the table whose heading has a column of this name, the heading first. */
function tableWith(column: string, text: string): readonly Row[] {
  const tables = text.split("\n\n").filter((part) => part.startsWith("| "))
  const rows = tables
    .map((table) => table.trim().split("\n").map(cellsOf))
    .find(([heading]) => heading?.includes(column))
  assert.ok(rows, `no table has a column "${column}"`)
  return rows.filter(([cell]) => cell !== "---")
}

function cellsOf(line: string): Row {
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim())
}

const citations = (text: string): readonly string[] =>
  [...text.matchAll(/ \[([A-Z]\d+(?:, [A-Z]\d+)*)\]/g)].flatMap(([, keys = ""]) => keys.split(", "))
const withoutCitations = (text: string): string => text.replaceAll(/ \[[A-Z]\d[^\]]*\]/g, "")

const [heading = [], ...rows] = tableWith("Electrobun", COMPARISON)
const sources = tableWith("commit", COMPARISON).slice(1)

test("each cell about others cites a source, or says that nothing is documented", () => {
  assert.ok(rows.length > 10)
  for (const [what = "", , ...others] of rows)
    for (const cell of others)
      assert.ok(citations(cell).length > 0 || /^–$|not documented/.test(cell), `${what}: ${cell}: no source`)
})

test("every source that is cited is listed, with repository, file and commit, and every one listed is cited", () => {
  assert.deepEqual([...new Set(citations(COMPARISON))].toSorted(), sources.map(([key]) => key).toSorted())
  for (const [key = "", repository = "", file = "", commit = ""] of sources) {
    assert.match(repository, /^[\w-]+\/[\w-]+$/, key)
    assert.match(file, /^`[^`]+\.\w+`/, key)
    assert.match(commit, /^[0-9a-f]{12}$/, key)
  }
})

test("the README's table says what docs/comparison.md says", () => {
  const [columns = [], ...short] = tableWith("Electron", README)
  assert.ok(short.length > 5)
  for (const [what = "", ...cells] of short) {
    const row = rows.find(([name]) => name === what)
    assert.ok(row, `README.md: "${what}" is no row of docs/comparison.md`)
    for (const [index, cell] of cells.entries())
      assert.equal(cell, withoutCitations(row[heading.indexOf(columns[index + 1] ?? "")] ?? ""), what)
  }
})
