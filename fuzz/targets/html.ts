import assert from "node:assert/strict"
import * as fc from "fast-check"
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from "parse5"
import { type Injection, injectScript, readInline } from "../../src/server/html.ts"
import { property, type Target } from "../property.ts"

const BRIDGE = "<script>BRIDGE</script>"
const INJECTION: Injection = {
  elements: BRIDGE,
  needs: {
    scripts: ["'sha256-B='"],
    socket: "ws://localhost:1",
    frames: ["http://*.localhost:1", "http://127.0.0.1:1"],
    assets: null,
  },
  keep: false,
}

const piece = fc.oneof(
  fc.constantFrom(
    "<!doctype html>",
    "<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 3.2//EN'>",
    "<!doctype html",
    "<!doctype",
    "<!doctype>",
    "<html>",
    "<html lang='a>b'>",
    "</html>",
    "<html",
    "<head>",
    "</head>",
    "<head",
    '<head data-a="<script>">',
    "<body>",
    "</body>",
    "<frameset>",
    "<frame>",
    "<title>",
    "</title>",
    "<script>1</script>",
    "<script>",
    "</script>",
    "<script src=a>",
    "<style>",
    "</style>",
    "<!--",
    "-->",
    "<!-->",
    "--!>",
    "<!-- <head> -->",
    "<template>",
    "</template>",
    "<noscript>",
    "</noscript>",
    "<svg>",
    "</svg>",
    "<math>",
    "<textarea>",
    "</textarea>",
    "<plaintext>",
    "<select>",
    "<table>",
    "<tr>",
    "<p>",
    "</p>",
    "<br/>",
    "</",
    "<",
    ">",
    "<?xml version='1.0'?>",
    "<![CDATA[",
    "]]>",
    "&lt;",
    " ",
    "\n",
    "\r\n",
    "\0",
    "text",
    "é",
    "\u2028",
    "<base href=x>",
    "<link rel=stylesheet>",
    "<meta charset=utf-8>",
    "<meta charset=iso-8859-2>",
    "<meta name=a content=b>",
  ),
  fc.string({ maxLength: 5 }),
)
const page = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""))

const encoded = fc
  .tuple(page, fc.constantFrom("utf-8", "utf-8 mark", "utf-16le", "utf-16be", "latin1", "declared utf-16le"))
  .map(([text, how]): { html: Buffer; charset: string | undefined } => {
    const utf16 = Buffer.from(`\ufeff${text}`, "utf16le")
    if (how === "utf-16le") return { html: utf16, charset: undefined }
    if (how === "utf-16be") return { html: Buffer.from(utf16).swap16(), charset: undefined }
    if (how === "declared utf-16le") return { html: utf16.subarray(2), charset: "utf-16le" }
    if (how === "latin1") return { html: Buffer.from(text, "latin1"), charset: "latin1" }
    return {
      html: Buffer.from(how === "utf-8 mark" ? `\ufeff${text}` : text),
      charset: how === "utf-8" ? "utf-8" : undefined,
    }
  })
const anyBytes = fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ html: Buffer.from(bytes), charset: undefined }))
const document = fc.oneof({ arbitrary: encoded, weight: 6 }, anyBytes)

/** The text of every script, in the order a parser meets them: templates hold none that runs. */
function scripts(html: string): string[] {
  const found: string[] = []
  const visit = (node: DefaultTreeAdapterTypes.ParentNode): void => {
    for (const child of node.childNodes) {
      if (!defaultTreeAdapter.isElementNode(child)) continue
      if (child.tagName === "script")
        found.push(child.childNodes.map((text) => ("value" in text ? text.value : "")).join(""))
      visit(child)
    }
  }
  visit(parse(html))
  return found
}

/** What is not ASCII is no source, and matches nothing (CSP Level 3, 2.3.1). */
const isSource = (text: string): boolean => /^[!-~]+$/.test(text)

/** What `<html>` and `<head>` say: a script in the wrong place would open a head of its own. */
function attributes(html: string): unknown {
  const root = parse(html).childNodes.find((node) => defaultTreeAdapter.isElementNode(node))
  const head =
    root !== undefined && "childNodes" in root ? root.childNodes.find(({ nodeName }) => nodeName === "head") : root
  return [root, head].map((node) => (node !== undefined && "attrs" in node ? node.attrs : []))
}

function decoded(bytes: Uint8Array, charset: string): string {
  return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes)
}

export const html: Target = {
  name: "html",
  properties: [
    property(
      "in any document the bridge is the first script that a parser meets, and all else is there as it was",
      document,
      ({ html, charset }) => {
        const { bytes, charset: known } = injectScript(html, charset, INJECTION)
        assert.equal(scripts(decoded(bytes, known))[0], "BRIDGE")
        assert.deepEqual(attributes(decoded(bytes, known)), attributes(decoded(bytes, known).replace(BRIDGE, "")))
        const text = bytes.toString("latin1")
        const without = Buffer.from(text.replace(BRIDGE, ""), "latin1")
        const declared =
          html[0] === 0xfe && html[1] === 0xff
            ? "utf-16be"
            : (html[0] === 0xff && html[1] === 0xfe) || charset === "utf-16le"
              ? "utf-16le"
              : null
        if (declared !== null) assert.equal(without.toString("utf8"), new TextDecoder(declared).decode(html))
        else
          assert.deepEqual(
            [...without],
            [...(html[0] === 0xef && html[1] === 0xbb && html[2] === 0xbf ? html.subarray(3) : html)],
          )
      },
    ),
    property(
      "what is read of inline elements does not depend on whether the bridge is put in",
      document,
      ({ html, charset }) => {
        assert.deepEqual(injectScript(html, charset, INJECTION).inline, readInline(html, charset))
      },
    ),
    property(
      "a policy in <meta> gets no source that it did not have, but the needed ones",
      fc.array(
        fc.oneof(
          fc.constantFrom(
            "'self'",
            "*",
            "&#x12a;",
            "&nbsp;",
            "à",
            "&quot;",
            "&amp;",
            "\u00a0",
            "'none'",
            "é",
            "&#0;",
            "\0",
          ),
          fc.string({ maxLength: 3 }),
        ),
        { maxLength: 6 },
      ),
      (sources) => {
        const policy = `img-src ${sources.join(" ")}; script-src 'self'`.replaceAll('"', "").replaceAll(",", "")
        const { bytes } = injectScript(
          Buffer.from(`<head><meta http-equiv=Content-Security-Policy content="${policy}">`),
          "utf-8",
          INJECTION,
        )
        const content = (html: string): string[] => {
          const [, found = ""] = /content="([^"]*)"/.exec(html) ?? []
          const head = parse(`<p title="${found}">`)
          const texts: string[] = []
          const visit = (node: DefaultTreeAdapterTypes.ParentNode): void => {
            for (const child of node.childNodes) {
              if (!defaultTreeAdapter.isElementNode(child)) continue
              texts.push(...child.attrs.map(({ value }) => value))
              visit(child)
            }
          }
          visit(head)
          return (texts[0] ?? "").split(/[\t\n\f\r ;]+/).filter((source) => source !== "")
        }
        const before = content(`content="${policy}"`).map((source) => source.toLowerCase())
        const added = content(bytes.toString("utf8")).filter(
          (source) => !before.includes(source.toLowerCase()) && isSource(source),
        )
        assert.deepEqual(
          added.filter((source) => source !== "'sha256-B='"),
          [],
        )
      },
    ),
  ],
}
