import assert from "node:assert/strict"
import { test } from "node:test"
import { stripTypes, TypeScriptError } from "./strip-types.ts"

test("types become spaces: every position stays", () => {
  const text = "const a: string = 'ä'\nwindow.b = (c: unknown): void => {}"
  const script = stripTypes(text)
  assert.equal(script.length, text.length)
  for (const part of ["window.b", "'ä'", "=> {}"]) assert.equal(script.indexOf(part), text.indexOf(part))
})

for (const [promise, text, isUnsupported, at] of [
  ["an enum, which is code", "\n  enum A { B }", true, "2:3"],
  ["an enum of several lines", "let a\n  enum B {\n  C\n}\n", true, "2:3"],
  ["a namespace, which is code", "namespace A { export const b = 1 }", true, "1:1"],
  ["what is no TypeScript", "let a\nlet b: = 1", false, "2:8"],
] as const) {
  test(`refuses ${promise}, and says where`, () =>
    assert.throws(
      () => stripTypes(text),
      (error) => {
        assert.ok(error instanceof TypeScriptError)
        assert.equal(error.isUnsupported, isUnsupported)
        assert.equal(`${error.position?.line}:${error.position?.column}`, at)
        return true
      },
    ))
}
