import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { add, NOTHING, type Outcome, runCheck, runFile } from "./run-suite.ts"
import type { Selection } from "./selection.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-run-suite-"))
after(() => rmSync(folder, { recursive: true, force: true }))

function outcomeOf(text: string, selection: Selection = "default"): Promise<Outcome> {
  const file = join(folder, "some.test.mjs")
  writeFileSync(file, text)
  return runFile(file, selection)
}

test("a file's tests are counted, and each that fails is reported in full", async () => {
  const { passed, failed, failures } = await outcomeOf(
    `import { test } from "node:test"; test("holds", () => {}); test("does not", () => { throw new Error("why") })`,
  )
  assert.deepEqual([passed, failed], [1, 1])
  assert.match(failures.join(), /some\.test\.mjs: does not\nError: why/)
})

for (const [what, text, says] of [
  ["holds no test", "", /some\.test\.mjs: holds no test that runs/],
  [
    "skips all of its tests",
    `import { test } from "node:test"; test.skip("skipped", () => {})`,
    /holds no test that runs/,
  ],
  ["ends before its tests are counted", "process.exit(3)", /some\.test\.mjs: ended with 3/],
  [
    "ends well before its tests run",
    `import { test } from "node:test"; test("never", () => {}); process.exit()`,
    /no test that runs/,
  ],
  ["cannot be read", "import", /SyntaxError/],
] as const)
  test(`a file that ${what} counts as a failure`, async () => {
    const { passed, failed, failures } = await outcomeOf(text)
    assert.deepEqual([passed, failed], [0, 1])
    assert.match(failures.join(), says)
  })

test("a file that leaves something open ends with its tests", async () => {
  const { passed } = await outcomeOf(
    `import { test } from "node:test"; test("opens", () => void setInterval(() => {}, 1e6))`,
  )
  assert.equal(passed, 1)
})

test("a file gets the selection of the run", async () => {
  const text = `import { test } from "node:test"; test(process.env.SALLYPORT_TESTS, () => { throw 1 })`
  assert.match((await outcomeOf(text, "left-out")).failures.join(), /left-out/)
})

test("a check passes when its program ends with 0, and otherwise fails with what the program printed", async () => {
  const check = (code: string): Promise<Outcome> => runCheck({ program: process.execPath, args: ["-e", code] })
  assert.deepEqual(await check(""), { ...NOTHING, passed: 1 })
  const { failed, failures } = await check("console.log('wrong'); process.exit(1)")
  assert.equal(failed, 1)
  assert.match(failures.join(), /wrong/)
})

test("two outcomes add up to one", () =>
  assert.deepEqual(
    add(
      { passed: 1, failed: 2, failures: ["a"], notTested: null },
      { passed: 3, failed: 4, failures: ["b"], notTested: "missing" },
    ),
    { passed: 4, failed: 6, failures: ["a", "b"], notTested: "missing" },
  ))
