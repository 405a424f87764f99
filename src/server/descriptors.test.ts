import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { test } from "node:test"
import { readDescriptors, roomForConnections } from "./descriptors.ts"

test("a quarter of what is free is kept for files, and at most 64", () => {
  for (const [limit, open, room] of [
    [64, 24, 30],
    [1024, 24, 936],
    [20_000, 24, 19_912],
    [20, 24, 0],
  ] as const)
    assert.equal(roomForConnections({ limit, open }), room)
})

test("reads the limit that the process was started with", { skip: process.platform !== "linux" }, () => {
  const script = `import { readDescriptors } from ${JSON.stringify(new URL("descriptors.ts", import.meta.url).href)}
    console.log(JSON.stringify(readDescriptors()))`
  const args = ["-c", 'ulimit -n 96; exec "$0" "$@"', process.execPath, "--input-type=module", "-e", script]
  const { limit, open } = JSON.parse(execFileSync("sh", args, { encoding: "utf8" }))
  assert.equal(limit, 96)
  assert.ok(open > 3 && open < 60, `${open} are open`)
  assert.ok(readDescriptors() !== null)
})
