import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { TARGETS } from "./targets/index.ts"

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [fileURLToPath(new URL("run.ts", import.meta.url)), ...args], { encoding: "utf8" })
}

test("says how it is used", () => {
  const { status, stdout } = run("--help")
  assert.equal(status, 0)
  assert.match(stdout, /--minutes N/)
})

test("lists every target", () => {
  const listed = run("--list")
    .stdout.split("\n")
    .map((line) => line.split("\t")[0])
  for (const { name } of TARGETS) assert.ok(listed.includes(name), name)
})

test("counts what it has tried, as JSON", () => {
  const { status, stdout } = run("--only", "opener", "--minutes", "0.001", "--seed", "7", "--json")
  const { runs, ...counts } = JSON.parse(stdout)
  assert.deepEqual(counts, { targets: 1, properties: 2, failed: 0, seed: 7, findings: [] })
  assert.ok(runs >= 200)
  assert.equal(status, 0)
})

for (const [args, message] of [
  [["--only", "no-such-target"], /no target or property is called "no-such-target": frame-codec, /],
  [["--minutes", "never"], /--minutes never: expected a number above 0/],
  [["--seed", "x"], /--seed x: expected a whole number/],
  [["--nothing"], /there is no flag --nothing/],
] as const) {
  test(`says what is wrong with ${args.join(" ")}`, () => {
    const { status, stderr } = run(...args)
    assert.equal(status, 2)
    assert.match(stderr, message)
  })
}
