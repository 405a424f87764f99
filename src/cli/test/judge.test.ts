import assert from "node:assert/strict"
import { test } from "node:test"
import type { Answer } from "./hook-under-test.ts"
import { judge, shown } from "./judge.ts"

const passed = (payload: unknown): Answer => ({ passed: true, cmd: "a", payload })
const refused: Answer = { passed: false, code: "HOOK_REFUSED", message: "it is no note" }

test("what was expected is no problem", () => {
  assert.equal(judge(passed({}), "pass"), null)
  assert.equal(judge(refused, "refuse"), null)
  assert.equal(judge(refused, { refuse: "no note" }), null)
  assert.equal(judge(passed({ b: 1, a: [2] }), { payload: { a: [2], b: 1 } }), null)
  assert.equal(judge(passed(new Uint8Array([1, 2])), { payload: [1, 2] }), null)
  assert.equal(judge(passed({}), { payload: {} }), null)
})

test("anything else says what was expected and what came", () => {
  assert.equal(judge(refused, "pass"), "expected it to pass, but it was refused with HOOK_REFUSED: it is no note")
  assert.equal(judge(passed({ a: 1 }), "refuse"), 'expected a refusal, but it passed with {"a":1}')
  assert.equal(judge(passed({ a: 1 }), { refuse: "x" }), 'expected a refusal, but it passed with {"a":1}')
  assert.match(judge(refused, { refuse: "too long" }) ?? "", /says "too long", but it was refused with HOOK_REFUSED/)
  assert.match(judge(refused, { payload: {} }) ?? "", /expected it to pass with \{\}, but it was refused/)
  assert.match(judge(passed({ a: 1 }), { payload: { a: 2 } }) ?? "", /with \{"a":2\}, but it passed with \{"a":1\}/)
})

test("a long value is cut", () => assert.match(shown("x".repeat(300)), /^"x{199}… \(302 characters\)$/))
