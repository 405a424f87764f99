import assert from "node:assert/strict"
import { test } from "node:test"
import { type InjectedHtml, type Injection, injectScript } from "./html.ts"
import { cspHash } from "./respond.ts"

const INJECTION: Injection = {
  elements: "<script>B</script>",
  needs: { scripts: ["'sha256-B='"], socket: "ws://localhost:1", frames: ["http://*.localhost:1"], assets: null },
  keep: false,
}
const inject = (html: string | Uint8Array, charset?: string, injection: Injection = INJECTION): InjectedHtml =>
  injectScript(Buffer.from(html as string), charset, injection)

for (const [name, html] of [
  ["behind <head>", '<!doctype html><html><head lang="a>b">|<title>x</title></head><body></body></html>'],
  ["behind <html>, where <head> is implied", "<!doctype html><html lang=en>|<title>x</title><p>y"],
  ["behind the doctype, where both are implied", "<!DOCTYPE html>|<title>x</title><script>1</script>"],
  ["at the start of a fragment", "|<script>1</script><p>x"],
  ["at the start of nothing", "|"],
  ["before a script that stands before <head>", "<!doctype html><html>|<script>1</script><head></head>"],
  ["not into a comment that looks like a head", "<!doctype html>|<!-- <head> --><title>x</title>"],
  ["behind the real <head>, not one in a comment", "<!doctype html><!-- <head> --><html><head>|<title>x</title>"],
  ["before text that comes before everything", "|hello<html><head><title>x</title>"],
  ["behind <head> in capital letters and over lines", "<!DOCTYPE html>\n<HTML>\n<HEAD\n>|\n<TITLE>x</TITLE>"],
  ["before a doctype that the document's end cuts off", "|<!doctype html"],
  ["not into a template", "<!doctype html>|<template><head></head></template>"],
  ["before frames", "<!doctype html><html>|<frameset><frame src=a></frameset></html>"],
] as const) {
  test(`puts the script ${name}`, () => {
    const { bytes } = inject(html.replace("|", ""))
    assert.equal(bytes.toString("utf8"), html.replace("|", INJECTION.elements))
  })
}

test("leaves every other byte as it is, whatever the encoding", () => {
  const around = Buffer.from([0x80, 0xff, 0xe9, 0x00, 0x0d, 0x0a, 0x0d])
  const html = Buffer.concat([Buffer.from("<!doctype html><head>"), Buffer.from("<p a = 'x'  b>"), around])
  const { bytes } = inject(html)
  assert.equal(bytes.toString("latin1"), html.toString("latin1").replace("<head>", `<head>${INJECTION.elements}`))
})

test("makes no other source of a character reference in a policy: &#x12a; would be an asterisk", () => {
  const { bytes } = inject('<meta http-equiv=Content-Security-Policy content="img-src &#x12a; à">')
  assert.equal(
    bytes.toString(),
    `${INJECTION.elements}<meta http-equiv=Content-Security-Policy content="img-src &#298; à">`,
  )
})

test("takes a document of 100,000 levels", () => {
  assert.ok(inject("<div>".repeat(100_000)).bytes.includes(INJECTION.elements))
})

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le")

for (const [name, html, declared, charset] of [
  ["nothing is said", "<p>x", undefined, "utf-8"],
  ["<meta charset>", "<meta charset=iso-8859-2>", undefined, "iso-8859-2"],
  [
    "<meta http-equiv>",
    '<meta http-equiv=content-type content="text/html; charset=shift_jis">',
    undefined,
    "shift_jis",
  ],
  ["a description is no encoding", '<meta name=description content="charset=shift_jis">', undefined, "utf-8"],
  ["an unknown name", "<meta charset=klingon>", undefined, "utf-8"],
  ["a <meta> that was read is not UTF-16", "<meta charset=utf-16>", undefined, "utf-8"],
  ["Content-Type goes before <meta>", "<meta charset=utf-8>", "windows-1251", "windows-1251"],
  ["a byte order mark goes before both", "\ufeff<meta charset=shift_jis>", "windows-1251", "utf-8"],
  ["UTF-16 becomes UTF-8", utf16("<meta charset=utf-16><p>é"), undefined, "utf-8"],
] as const) {
  test(`tells the encoding: ${name}`, () => {
    assert.equal(inject(html, declared).charset, charset)
  })
}

test("a byte order mark does not come between the doctype and the start", () => {
  assert.equal(inject("\ufeff<!doctype html><p>é").bytes.toString("utf8"), `<!doctype html>${INJECTION.elements}<p>é`)
})

test("a document in UTF-16 keeps its text", () => {
  for (const html of [utf16("<head><p>é€😀"), utf16("<head><p>é€😀").swap16()])
    assert.equal(inject(html).bytes.toString("utf8"), `<head>${INJECTION.elements}<p>é€😀`)
})

test("completes policies in <meta>, each of a list, and nothing else of the element", () => {
  const html = `<meta name=a content="frame-src 'none'"><meta id=x content='connect-src "a", connect-src b' http-equiv=Content-Security-POLICY data-y>`
  assert.equal(
    inject(html).bytes.toString("utf8"),
    `${INJECTION.elements}<meta name=a content="frame-src 'none'"><meta id=x content="connect-src &quot;a&quot; ws://localhost:1, connect-src b ws://localhost:1" http-equiv=Content-Security-POLICY data-y>`,
  )
})

test("keeps a policy in <meta> that must not be changed, and tells what it lacks", () => {
  const html = `<meta http-equiv=content-security-policy content="frame-src 'none'">`
  const { bytes, missing } = inject(html, undefined, { ...INJECTION, keep: true })
  assert.equal(bytes.toString("utf8"), INJECTION.elements + html)
  assert.deepEqual(missing, ["frame-src http://*.localhost:1"])
})

for (const [name, html, scripts, styles] of [
  [
    "scripts of every type",
    "<script>a()</script><script type=module>b()</script><script type=importmap>{}</script>",
    ["a()", "b()", "{}"],
    [],
  ],
  ["styles", "<style>p {}</style>", [], ["p {}"]],
  [
    "not what is loaded, empty, or no element of the page",
    "<script src=a>x</script><script></script><template><script>t()</script></template><!-- <script>c()</script> -->",
    [],
    [],
  ],
  ["text beyond ASCII, line ends as a browser reads them", "<script>\r\n'é€😀'\r</script>", ["\n'é€😀'\n"], []],
] as const) {
  test(`tells what stands inline, by hash: ${name}`, () => {
    const { inline } = inject(html)
    assert.deepEqual(inline, { scripts: scripts.map(cspHash), styles: styles.map(cspHash) })
  })
}

test("hashes inline scripts in the encoding that the document has", () => {
  const html = Buffer.from("<meta charset=windows-1252><script>'\xe9\x80'</script>", "latin1")
  assert.deepEqual(inject(html).inline.scripts, [cspHash("'é€'")])
})
