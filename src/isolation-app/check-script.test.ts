import assert from "node:assert/strict"
import { test } from "node:test"
import { checkScript } from "./check-script.ts"
import { IsolationAppError, type IsolationAppErrorCode } from "./isolation-app-error.ts"

const refused: readonly [promise: string, text: string, code: IsolationAppErrorCode, at: string, says: RegExp][] = [
  ["a script of TypeScript", "let a: string", "SCRIPT_SYNTAX", "1:6", /Unexpected token/],
  ["a return outside of a function", "return", "SCRIPT_SYNTAX", "1:1", /return/],
  ["a script with export", "export const a = 1", "SCRIPT_IS_MODULE", "1:1", /without import, export/],
  ["a script with import.meta", "import.meta.url", "SCRIPT_IS_MODULE", "1:1", /this is a module/],
  ["a script with top-level await", "await 1", "SCRIPT_IS_MODULE", "1:7", /top-level await/],
  ["a script that ends its element, in capitals", '"</SCRIPT "', "SCRIPT_BREAKS_HTML", "1:2", /would not end/],
  ["a script that hides the end of its element", '"<!-- <script>"', "SCRIPT_BREAKS_HTML", "1:2", /would not end/],
  ["a script with a NUL", '"\0"', "SCRIPT_BREAKS_HTML", "1:2", /would not end/],
]

for (const [promise, text, code, at, says] of refused) {
  test(`refuses ${promise}`, () => {
    assert.throws(
      () => checkScript(text, "/app/a.js"),
      (error) => {
        assert.ok(error instanceof IsolationAppError)
        assert.deepEqual([error.code, `${error.position?.line}:${error.position?.column}`], [code, at])
        assert.match(error.message, says)
        return true
      },
    )
  })
}

const accepted: readonly [promise: string, text: string][] = [
  ["nothing", ""],
  ["sloppy code", "with (a) b = 010"],
  ["an HTML comment, which is one in a classic script, too", "<!-- a comment"],
  ["an opened script without an HTML comment", '"<script>"'],
  ["both, when the comment ends first", '"<!-- --><script>"'],
  ["escapes of what would break", '"<\\/script> <\\!-- <script>"'],
  ["an import() call, which the frame's policy refuses", 'import("./a.js")'],
  ["new syntax", "class A { static #a = 1n; static { this.#a ??= 2n } }"],
]

for (const [promise, text] of accepted) {
  test(`accepts ${promise}`, () => checkScript(text, "/app/a.js"))
}
