import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { describe, test } from "node:test"
import { fileURLToPath } from "node:url"
import { NOTHING } from "./run-suite.ts"

const program = fileURLToPath(new URL("test.ts", import.meta.url))

/** Runs `npm test` on a machine without browsers. */
function run(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, ...words], { encoding: "utf8", env: { PATH: "" } })
}

describe("a suite whose browser is missing", () => {
  test("is not tested, and counts as a failure", () => {
    const { status, stdout } = run("soak", "--browser", "chromium")
    assert.match(stdout, /── soak chromium\nnot tested: .*chromium.* is not in PATH/)
    assert.match(stdout, /\n0 passed, 1 failed\n$/)
    assert.equal(status, 1)
  })

  test("fails no run that allows it, and passes none either", () => {
    const { status, stdout } = run("soak", "--browser", "chromium", "--allow-missing")
    assert.match(stdout, /\n0 passed, 0 failed\n$/)
    assert.equal(status, 1)
  })

  test("is in the JSON, with what the default run leaves out of it", () => {
    const { left_out, suites, ...rest } = JSON.parse(run("conformance", "--browser", "firefox", "--json").stdout)
    assert.deepEqual(rest, { passed: 0, failed: 1, selection: "default" })
    assert.deepEqual(Object.keys(suites), ["conformance firefox"])
    const { notTested, ...outcome } = suites["conformance firefox"]
    assert.deepEqual({ ...outcome, notTested: null }, NOTHING)
    assert.match(notTested, /firefox/)
    assert.ok(left_out["conformance firefox"].tests > 0)
  })
})

for (const [words, says] of [
  [["units"], /there is no suite "units": types, /],
  [["--all", "--left-out"], /--all and --left-out are two different runs/],
  [["--parallel", "0"], /--parallel 0: expected a number from 1/],
  [["lint", "--browser", "firefox"], /this selection holds no test/],
] as const)
  test(`${words.join(" ")} cannot be run, and says why`, () => {
    const { status, stderr } = run(...words)
    assert.match(stderr, says)
    assert.equal(status, 2)
  })
