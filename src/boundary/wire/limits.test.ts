import assert from "node:assert/strict"
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

test("says for each its unit, its reason and who enforces it", () => {
  for (const [name, { unit, reason, enforcedBy }] of Object.entries(LIMITS)) {
    assert.ok(unit.length > 0 && reason.length > 20 && enforcedBy.length > 0, name)
    if (name.endsWith("Ms")) assert.equal(unit, "ms")
    if (name.includes("ytes")) assert.equal(unit, "bytes")
  }
})
