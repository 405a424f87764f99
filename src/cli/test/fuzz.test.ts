import assert from "node:assert/strict"
import { test } from "node:test"
import { findings, fuzz } from "./fuzz.ts"
import type { HookUnderTest, TestCall } from "./hook-under-test.ts"
import type { TestFile } from "./test-file.ts"

/** A hook as a function: what it gives back passes, what it throws is refused. */
function hookOf(decide: (call: TestCall) => unknown): HookUnderTest {
  return {
    ask: async (call) => {
      try {
        return { passed: true, cmd: call.cmd, payload: decide(call) }
      } catch (error) {
        return { passed: false, code: "HOOK_REFUSED", message: String(error) }
      }
    },
    close: async () => {},
  }
}

const call = { cmd: "read", payload: { path: "notes/a.md" }, headers: null }
const file: TestFile = {
  file: "isolation.test.json",
  cases: [
    { name: "fine", call, window: "main", expect: "pass" },
    { name: "never", call: { ...call, cmd: "format" }, window: "main", expect: "refuse" },
  ],
  accepted: new Map(),
}
const no = (): never => {
  throw new Error("no")
}

test("a hook that looks closely lets nothing through", async () => {
  const closely = hookOf(({ cmd, payload }) => {
    const { path, ...more } = payload as { path: unknown }
    const isFine = typeof path === "string" && /^notes\/[a-z]{1,20}\.md$/.test(path) && Object.keys(more).length === 0
    return cmd === "read" && isFine ? payload : no()
  })
  const report = await fuzz(file, closely)
  assert.equal(findings(report), 0)
  assert.deepEqual(report.withoutGoodCall, ["format"])
  assert.ok(report.rows[0]?.cells.every(({ tried }) => tried > 0))
})

test("a check of the beginning alone lets a path climb out again", async () => {
  const prefix = hookOf(({ cmd, payload }) =>
    cmd === "read" && String((payload as { path: unknown }).path).startsWith("notes/") ? payload : no(),
  )
  const report = await fuzz(file, prefix)
  const traversal = report.rows[0]?.cells.find((cell) => cell.class === "traversal")
  assert.ok(traversal?.passed.some(({ call }) => (call.payload as { path: string }).path === "notes/../../../etc/a.md"))
  assert.deepEqual(report.unknownPassed, [])
})

test("a path that lets unknown commands through is found", async () => {
  const report = await fuzz(
    file,
    hookOf(({ cmd, payload }) => (cmd === "read" ? no() : payload)),
  )
  assert.ok(report.unknownPassed.includes("plugin:shell|execute"))
})

test("what the hook has changed is counted apart, and what the author accepts is no finding", async () => {
  const changing = hookOf(({ cmd }) => (cmd === "read" ? { path: "notes/a.md" } : no()))
  const report = await fuzz(file, changing)
  assert.equal(findings(report), 0)
  assert.ok(report.rows[0]?.cells.every(({ tried, changed }) => changed === tried))

  const careless = hookOf(({ cmd, payload }) => (cmd === "read" ? payload : no()))
  const all = findings(await fuzz(file, careless))
  const classes = new Map([["read", ["traversal", "huge"] as const]])
  assert.equal(findings(await fuzz({ ...file, accepted: classes }, careless)), all - 2)
  const argument = new Map([["read.path", ["any"] as const]])
  assert.equal(findings(await fuzz({ ...file, accepted: argument }, careless)), 1, "keys that are no argument remain")
})
