import assert from "node:assert/strict"
import { test } from "node:test"
import { contentType, documentKind, isScriptType, readContentType } from "./content-type.ts"

for (const [path, type] of [
  ["/a/index.html", "text/html"],
  ["/INDEX.HTM", "text/html"],
  ["/drawing.svg", "image/svg+xml"],
  ["/page.xhtml", "application/xhtml+xml"],
  ["/feed.xml", "text/xml"],
  ["/app.js", "text/javascript; charset=utf-8"],
  ["/app.mjs", "text/javascript; charset=utf-8"],
  ["/code.wasm", "application/wasm"],
  ["/picture.PNG", "image/png"],
  ["/file.unheard-of", "application/octet-stream"],
  ["/file.constructor", "application/octet-stream"],
  ["/file", "application/octet-stream"],
] as const)
  test(`${path} is ${type}`, () => assert.equal(contentType(path), type))

for (const [header, expected, kind] of [
  ["text/html", "text/html", "html"],
  ["TEXT/HTML; Charset=UTF-8", "TEXT/HTML; Charset=UTF-8", "html"],
  ['text/html\t;a=b;c="d, e; f"', 'text/html\t;a=b;c="d, e; f"', "html"],
  ["text/html, text/html", "text/html", "html"],
  ["text/html;charset=utf-8, text/html; charset=latin1", "text/html; charset=latin1", "html"],
  ["text/html, text/plain", "text/plain", null],
  ["text/plain, text/html, */*", "text/html", "html"],
  ["foo, text/html, bar", "text/html", "html"],
  ["text/html;", "text/html", "html"],
  ["text/html; x; charset=utf-8", "text/html; charset=utf-8", "html"],
  ['text/html; charset="utf-8', "text/html; charset=utf-8", "html"],
  ["application/xhtml+xml, application/xhtml+xml", "application/xhtml+xml", "xhtml"],
  ["application/vnd.wap.xhtml+xml", "application/vnd.wap.xhtml+xml", "xhtml"],
  ["text/xml", "text/xml", null],
  ["text/javascript", "text/javascript", null],
  ["text/html(x)", undefined, null],
  ["text/html x", undefined, null],
  ["text/html\xa0", undefined, null],
  ["text", undefined, null],
  ["text/", undefined, null],
  ["", undefined, null],
  [undefined, undefined, null],
] as const)
  test(`a server's ${JSON.stringify(header)} goes out as ${expected}, and is ${kind ?? "neither HTML nor XHTML"}`, () => {
    const type = readContentType(header)
    assert.equal(type?.header, expected)
    assert.equal(documentKind(type?.essence ?? ""), kind)
  })

for (const [type, isScript] of [
  ["text/javascript", true],
  ["application/x-ecmascript", true],
  ["text/javascript1.5", true],
  ["text/xsl", false],
  ["text/javascript+xml", false],
  ["application/json", false],
  ["", false],
] as const)
  test(`"${type}" is ${isScript ? "" : "not "}JavaScript`, () => assert.equal(isScriptType(type), isScript))

test("reads a long type in no time that grows with its square", () => {
  assert.equal(readContentType(`text/html${"; a=b".repeat(100_000)}; `)?.essence, "text/html")
})
