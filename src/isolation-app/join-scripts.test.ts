import assert from "node:assert/strict"
import { test } from "node:test"
import { createContext, runInContext } from "node:vm"
import { joinScripts } from "./join-scripts.ts"

const join = (...texts: readonly string[]): readonly string[] =>
  joinScripts(texts.map((text, index) => ({ name: `${index}.js`, text })))

test("joins scripts in their order, each behind its name, each with its own lines", () => {
  assert.deepEqual(join("let a\n", "let b"), ["// 0.js\nlet a\n// 1.js\nlet b\n"])
  assert.deepEqual(join("let a"), ["// 0.js\nlet a\n"])
  assert.deepEqual(join(), [])
})

const oneScript: readonly [promise: string, ...texts: string[]][] = [
  ["a bracket at the beginning", "let a = (x) => x", "(() => {})()"],
  ["a template at the beginning", "let a = String.raw", "`x`"],
  ["a comment at the end", "let a // and", "let b"],
  ["a statement that ends with its bracket", "function f() {}", "(() => {})()"],
  ["nothing in one", "", "let a", ""],
  ["a first line for shells", "#!/usr/bin/env node", "#!/usr/bin/env node\nlet b"],
  ["strict ones", '"use strict"; let a', "'use strict'\nlet b"],
  ["other directives", '"use asm"\nlet a', "let b"],
  ["the same names in functions", "{ const a = 1; function g() { var h } }", "{ const a = 2; var h }"],
]

for (const [promise, ...texts] of oneScript) {
  test(`makes one of scripts with ${promise}, and it runs as they do`, () => {
    const [script, ...more] = join(...texts)
    assert.deepEqual(more, [])
    runInContext(script ?? "", createContext())
  })
}

const apart: readonly [promise: string, ...texts: string[]][] = [
  ["a strict one behind one that is not", "let a", '"use strict"; let b'],
  ["one that is not strict behind a strict one", '"use strict"', "with ({}) {}"],
  ["a function that is declared again", "function f() { return 1 }; window.a = f()", "function f() { return 2 }"],
  ["a variable that is declared again", "let a", "let a"],
  ["a variable that a pattern declares again", "var { a: [b] } = { a: [1] }", "function b() {}"],
  ["a function that is looked for before it is declared", "window.a = typeof f", "function f() {}"],
  ["a class that is looked for before it is declared", "window.a = typeof A", "class A {}"],
  ["a constant that is looked for as a property", "window.a = window.b", "const b = 1"],
  ["markup that is harmless in each", 'let a = "<!--"', 'let b = "<script>"'],
]

for (const [promise, ...texts] of apart) {
  test(`leaves scripts apart with ${promise}`, () => assert.equal(join(...texts).length, texts.length))
}

test("takes a script of a hundred thousand terms", () => {
  assert.equal(join(`let a = [${"1,".repeat(100_000)}]`, "let b").length, 1)
})

test("goes on joining behind those that stay apart", () => {
  assert.deepEqual(
    join("let a", '"use strict"; let b', '"use strict"; let c', "let d").map((text) =>
      text.match(/\d(?=\.js)/g)?.join(""),
    ),
    ["0", "12", "3"],
  )
})
