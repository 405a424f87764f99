import assert from "node:assert/strict"
import { test } from "node:test"
import { contentType, isDocumentType } from "./content-type.ts"

for (const [path, type, isDocument] of [
  ["/a/index.html", "text/html", true],
  ["/INDEX.HTM", "text/html", true],
  ["/drawing.svg", "image/svg+xml", true],
  ["/page.xhtml", "application/xhtml+xml", true],
  ["/feed.xml", "text/xml", true],
  ["/app.js", "text/javascript; charset=utf-8", false],
  ["/app.mjs", "text/javascript; charset=utf-8", false],
  ["/code.wasm", "application/wasm", false],
  ["/picture.PNG", "image/png", false],
  ["/file.unheard-of", "application/octet-stream", false],
  ["/file.constructor", "application/octet-stream", false],
  ["/file", "application/octet-stream", false],
] as const) {
  test(`${path} is ${type}${isDocument ? ", a document" : ""}`, () => {
    assert.equal(contentType(path), type)
    assert.equal(isDocumentType(type), isDocument)
  })
}
