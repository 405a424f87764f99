import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { LIMITS, resolveLimits } from "./limits.ts"

/** What the documentation promises, by name. */
const DEFAULTS = {
  jsonBytes: 524_288,
  blobBytes: 67_108_864,
  nesting: 256,
  callsInFlight: 65_536,
  bytesInFlight: 71_303_168,
  sessionsPerWindow: 8,
  sessions: 1024,
  pendingSockets: 64,
  outgoingBytes: 67_108_864,
  helloTimeoutMs: 10_000,
  frameTimeoutMs: 10_000,
  hookTimeoutMs: 10_000,
}

test("every limit has its documented default", () => {
  assert.deepEqual(resolveLimits(), DEFAULTS)
})

test("each can be overridden by itself, with a smaller, a larger value, and zero", () => {
  for (const name of Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[])
    for (const value of [0, 1, 2 ** 40])
      assert.deepEqual(resolveLimits({ [name]: value }), { ...DEFAULTS, [name]: value })
})

test("says for each its unit, who enforces it, and the reason", () => {
  const source = readFileSync(new URL("limits.ts", import.meta.url), "utf8")
  for (const name of Object.keys(LIMITS)) {
    const [, unit, enforcers, reason] =
      new RegExp(`/\\*\\* (\\w+)[^;]*; ([^.]+)\\. (.+) \\*/\\n  ${name}: `).exec(source) ?? assert.fail(name)
    assert.match(enforcers as string, /^(?:page|sandbox|Core)(?:(?:, | and )(?:page|sandbox|Core))*$/, name)
    assert.ok((reason as string).length > 20, name)
    if (name.endsWith("Ms")) assert.equal(unit, "Milliseconds")
    if (name.includes("ytes")) assert.equal(unit, "Bytes")
  }
})
