import assert from "node:assert/strict"
import { globSync, readFileSync } from "node:fs"
import { before, describe, test } from "node:test"
import { fileURLToPath } from "node:url"
import { listTests } from "./inventory/list-tests.ts"
import { leftOutLines, type Plan, planWith } from "./plan.ts"
import { SELECTIONS, type Selection } from "./selection.ts"
import { SUITES, type Suite } from "./suites.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const filesOf = (suites: readonly Suite[]): string[] => suites.flatMap(({ files = [] }) => files)
const checksOf = (suites: readonly Suite[]): unknown[] => suites.flatMap(({ checks = [] }) => checks)

test("each file of tests is in one suite", () => {
  const found = globSync("**/*.{test,suite,e2e}.ts", {
    cwd: root,
    exclude: (name) => /^(node_modules|dist)$/.test(name),
  })
  assert.deepEqual(filesOf(SUITES).sort(), found.sort())
})

describe("the default run and what it leaves out", () => {
  const suites = SUITES.filter(({ name }) => name !== "unit")
  const titles = new Map<Selection, Awaited<ReturnType<typeof listTests>>>()
  const plans = new Map<Selection, Plan>()
  const planned = (selection: Selection): string[] => filesOf(plans.get(selection)?.suites ?? [])
  before(async () => {
    const [byDefault = {}, leftOut = {}, all = {}] = await Promise.all(
      SELECTIONS.map((selection) => listTests(filesOf(suites), selection)),
    )
    titles.set("default", byDefault).set("left-out", leftOut).set("all", all)
    const thatLeaveOut = new Set(filesOf(SUITES.filter(({ leftOut }) => leftOut !== undefined)))
    const [some, others] = [byDefault, leftOut].map((list) =>
      Object.fromEntries(Object.entries(list).filter(([file]) => thatLeaveOut.has(file))),
    )
    for (const selection of SELECTIONS) plans.set(selection, planWith(SUITES, selection, some ?? {}, others ?? {}))
  })

  for (const { name, files = [], leftOut } of suites)
    test(`are everything together, and have no test in common: ${name}`, () => {
      for (const file of files) {
        const [byDefault = [], other = [], all = []] = SELECTIONS.map((selection) => titles.get(selection)?.[file])
        // A suite that says of no test that it is left out runs whole by default, and not at all with --left-out.
        const left = leftOut === undefined ? [] : other
        assert.deepEqual([...byDefault, ...left].sort(), [...all].sort(), file)
        assert.equal(new Set(all).size, all.length, file)
        assert.notEqual(all.length, 0, file)
        assert.equal(planned("default").includes(file), byDefault.length > 0, file)
        assert.equal(planned("left-out").includes(file), left.length > 0, file)
      }
    })

  test("do not differ in unit tests, which do not ask for the selection", () => {
    const asks = filesOf(SUITES.filter(({ name }) => name === "unit")).filter((file) =>
      /from ".*\/selection\.ts"/.test(readFileSync(`${root}${file}`, "utf8")),
    )
    assert.deepEqual(asks, ["scripts/plan.test.ts", "scripts/run-suite.test.ts", "scripts/selection.test.ts"])
  })

  test("are run by --all, with every check", () => {
    assert.deepEqual(planned("all").sort(), filesOf(SUITES).sort())
    for (const selection of ["all", "default"] as const)
      assert.deepEqual(checksOf(plans.get(selection)?.suites ?? []), checksOf(SUITES))
    assert.deepEqual(checksOf(plans.get("left-out")?.suites ?? []), [])
  })

  test("differ by counts and reasons that each run gives alike", () => {
    for (const { leftOut } of plans.values()) assert.deepEqual(leftOut, plans.get("all")?.leftOut)
    for (const { tests, reason } of Object.values(plans.get("all")?.leftOut ?? {}))
      assert.ok(tests > 0 && reason.length > 0, reason)
  })
})

test("after a default run one line says how many tests are left out, after a run of everything which", () => {
  const leftOut = { "attacks firefox": { tests: 3, reason: "why" }, conformance: { tests: 2, reason: "because" } }
  assert.deepEqual(leftOutLines(leftOut, "default"), ["\nLeft out: 5 tests that npm test -- --all runs, too."])
  assert.deepEqual(leftOutLines(leftOut, "left-out"), [])
  assert.deepEqual(leftOutLines(leftOut, "all"), [
    "\nThe default run leaves out 5 of these tests:",
    "  attacks firefox  3",
    "    why",
    "  conformance      2",
    "    because",
  ])
})
