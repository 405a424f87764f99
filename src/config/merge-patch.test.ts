import assert from "node:assert/strict"
import { test } from "node:test"
import { mergePatch } from "./merge-patch.ts"

/** RFC 7396, appendix A. */
const rows: readonly [original: string, patch: string, result: string][] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', "{}"],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', "null", "null"],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
]

for (const [original, patch, result] of rows) {
  test(`merges ${patch} into ${original} as RFC 7396 says`, () => {
    const target: unknown = JSON.parse(original)
    assert.deepEqual(mergePatch(target, JSON.parse(patch)), JSON.parse(result))
    assert.deepEqual(target, JSON.parse(original), "the original is not changed")
  })
}

test("changes no prototype through __proto__ keys", () => {
  const hostile = '{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}'
  for (const [target, patch] of [
    [hostile, '{"a":{"b":1}}'],
    ['{"a":{}}', hostile],
    [hostile, hostile],
  ] as const) {
    const merged = mergePatch(JSON.parse(target), JSON.parse(patch)) as { a: object }
    assert.equal(Object.getPrototypeOf(merged), Object.prototype)
    assert.equal(Object.getPrototypeOf(merged.a), Object.prototype)
    assert.equal("polluted" in merged || "polluted" in merged.a || "polluted" in {}, false)
  }
})

test("takes no value that a prototype lends for the target's own", () => {
  assert.deepEqual(mergePatch(Object.create({ a: { b: 1 } }), { a: { c: 1 } }), { a: { c: 1 } })
})
