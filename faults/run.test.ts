import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { FAULTS } from "./catalogue/index.ts"

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [fileURLToPath(new URL("run.ts", import.meta.url)), ...args], { encoding: "utf8" })
}

test("says how it is used, and lists every fault", () => {
  const help = run("--help")
  assert.equal(help.status, 0)
  assert.match(help.stdout, /--controls/)
  const listed = run("--list").stdout.trim().split("\n")
  assert.deepEqual(
    listed.map((line) => line.split("\t")[0]),
    FAULTS.map(({ id }) => id),
  )
})

test("counts what has happened, as JSON, and says it in words", () => {
  const { status, stdout, stderr } = run("--only", "disk-full", "--quick", "--json")
  const { browsers, ...counts } = JSON.parse(stdout)
  assert.deepEqual(counts, { faults: 1, survived: 1, lost: 0, doubled: 0, leaked: 0 })
  assert.deepEqual(browsers, ["chromium", "firefox", "webkit"])
  assert.match(stderr, /^✓ disk-full: /m)
  assert.equal(status, 0)
})

for (const [args, message] of [
  [["--only", "no-such-fault"], /no fault's id begins with "no-such-fault"/],
  [["--browser", "opera"], /--browser opera: expected chromium, firefox, webkit/],
  [["--write", "--only", "disk"], /--write needs a run of everything/],
  [["--nothing"], /there is no flag --nothing/],
] as const)
  test(`says what is wrong with ${args.join(" ")}`, () => {
    const { status, stderr } = run(...args)
    assert.equal(status, 2)
    assert.match(stderr, message)
  })
