import assert from "node:assert/strict"
import { test } from "node:test"
import { toScript } from "./to-script.ts"

test("leaves out the types of TypeScript, and nothing of anything else", () => {
  for (const file of ["/a.ts", "/a.mts", "/a.cts", "/A.TS"]) {
    assert.equal(toScript("const a: string = 'x'", file), "const a         = 'x'")
  }
  for (const file of ["/a.js", "/a.ts.js", "/index.html"]) assert.equal(toScript("let a: =", file), "let a: =")
})

test("what only imports types is a script", () => {
  assert.equal(toScript('import type { A } from "./a.ts"\nlet a: A', "/a.ts").trim(), "let a")
})

test("says where TypeScript is none, and where it is more than types", () => {
  assert.throws(() => toScript("let a\nlet b: = 1", "/a.ts"), {
    code: "SCRIPT_SYNTAX",
    file: "/a.ts",
    position: { line: 2, column: 8 },
  })
  assert.throws(() => toScript("enum A { B }", "/a.ts"), {
    code: "TYPESCRIPT_IS_CODE",
    position: { line: 1, column: 1 },
  })
})
