import assert from "node:assert/strict"
import { test } from "node:test"
import { FUZZ_CLASSES } from "./fuzz-classes.ts"
import { hostileCalls } from "./hostile-calls.ts"

const good = { cmd: "read", payload: { path: "notes/a.md", options: { lines: 3 } }, headers: { a: "b" } }

test("every class is tried, and each call differs from the good one", () => {
  const calls = hostileCalls(good)
  assert.deepEqual(
    FUZZ_CLASSES.filter((name) => !calls.some((call) => call.class === name)),
    [],
  )
  for (const { call } of calls) {
    assert.equal(call.cmd, "read")
    assert.deepEqual(call.headers, good.headers)
    assert.notDeepEqual(call.payload, good.payload)
  }
})

test("one value is changed at a time, at every depth", () => {
  const inner = hostileCalls(good).filter(({ place }) => place === "options.lines")
  assert.ok(inner.length > 3)
  for (const { call } of inner) assert.equal((call.payload as typeof good.payload).path, "notes/a.md")
})

test("an attacker keeps the folder that a hook wants to see", () => {
  const texts = hostileCalls(good).map(({ call }) => (call.payload as { path: unknown }).path)
  assert.ok(texts.includes("notes/../../../etc/a.md"))
  assert.ok(texts.includes("notes\0a.md"))
})

test("arguments without anything to change get keys that an object has from its prototype", () => {
  const keys = hostileCalls({ ...good, payload: {} }).flatMap(({ call }) => Object.keys(call.payload as object))
  assert.deepEqual(keys, ["constructor", "prototype", "toString", "hasOwnProperty"])
})

test("bytes are left alone", () => assert.deepEqual(hostileCalls({ ...good, payload: new Uint8Array(3) }), []))
