import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { parse, serialize } from "parse5"
import { buildIsolationApp } from "./build.ts"
import { folderWith } from "./folder.fixture.ts"
import { LOCK_NAME } from "./lock.ts"
import { Page } from "./page.ts"

/** All that Tauri's build or its isolation protocol would refuse, change or not find, as a source may have it. */
const SOURCE = {
  "index.html": `\uFEFF<!doctype html>\r
<html><head>
<base href="https://example.org/">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; frame-src 'none'">
<script defer src="/lib/deferred%20script.ts"></script>
<script nonce="r4nd0m" integrity="sha256-x" crossorigin src="./lib/../first.js"></script>
</head><body>\r\n<script>const inline = "<b>&amp;"</script>\r
<template><p>never shown</p></template></body></html>`,
  "first.js": "const first = 1\r\n",
  "lib/deferred script.ts": "(window as any).__TAURI_ISOLATION_HOOK__ = (payload: unknown) => payload\r\n",
}

/** The page that is built from it. */
async function builtPage(): Promise<{ readonly dir: string; readonly bytes: Buffer; readonly html: string }> {
  const root = folderWith(Object.fromEntries(Object.entries(SOURCE).map(([name, text]) => [`src/${name}`, text])))
  const dir = join(root, "dist")
  await buildIsolationApp({ source: join(root, "src"), dir })
  const bytes = readFileSync(join(dir, "index.html"))
  return { dir, bytes, html: bytes.toString() }
}

test("only index.html is served: nothing else is there but the lock", async () => {
  assert.deepEqual(readdirSync((await builtPage()).dir).sort(), ["index.html", LOCK_NAME])
})

test("scripts are inlined by path: none is left with a src that has to be found", async () => {
  const { html } = await builtPage()
  const scripts = new Page(html).elements("script")
  assert.ok(scripts.length > 0)
  for (const { attributes } of scripts) assert.deepEqual([...attributes], [])
})

test("the hook's name must stand in a file: it does, byte for byte", async () => {
  const { dir } = await builtPage()
  const files = readdirSync(dir).map((name) => readFileSync(join(dir, name)))
  assert.ok(files.some((bytes) => bytes.includes(Buffer.from("__TAURI_ISOLATION_HOOK__"))))
})

test("line ends: there is no CR that a hash could have and a browser not, and no byte order mark", async () => {
  const { bytes } = await builtPage()
  assert.equal(bytes.includes("\r"), false)
  assert.equal(bytes.subarray(0, 3).equals(Buffer.from("\uFEFF")), false)
})

test("hashes are made of the page as it is parsed and written: neither changes it", async () => {
  const { html } = await builtPage()
  assert.equal(serialize(parse(html)), html)
  const hash = (text: string): string => createHash("sha256").update(text).digest("base64")
  const hashes = (text: string) => new Page(text).elements("script").map((script) => hash(script.text))
  // Tauri puts a script of its own first into the head.
  const withTauris = html.replace("<head>", "<head><script nonce=x>tauri()</script>")
  assert.deepEqual(hashes(withTauris).slice(1), hashes(html))
})

test("policies that would stop the scripts, or shadow the frame, and bases are out", async () => {
  const page = new Page((await builtPage()).html)
  assert.deepEqual(page.elements("meta"), [])
  assert.deepEqual(page.elements("base"), [])
})

test("deferred scripts, which Tauri would run too early once they are inlined, come last", async () => {
  const { html } = await builtPage()
  const order = ["first = 1", 'inline = "<b>&amp;"', "__TAURI_ISOLATION_HOOK__"].map((text) => html.indexOf(text))
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  )
  assert.ok(!order.includes(-1))
})

const kept: readonly [promise: string, markup: string][] = [
  ["a picture in the page", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'],
  ["a link that nothing follows", '<a href="https://example.org">x</a>'],
  ["styles in the page", "<style>p { color: red }</style>"],
  ["an empty source", "<img src=''>"],
]

const page = (markup: string): string => `${markup}<script>window.__TAURI_ISOLATION_HOOK__ = null</script>`

for (const [promise, markup] of kept) {
  test(`builds ${promise}`, async () => {
    const root = folderWith({ "src/index.html": page(markup) })
    await buildIsolationApp({ source: join(root, "src"), dir: join(root, "dist") })
  })
}

for (const markup of [
  "<img srcset='a.png 2x'>",
  "<picture><source srcset=a.png></picture>",
  "<object data=a.svg></object>",
  "<embed src=a.svg>",
  "<iframe src=https://example.org></iframe>",
  "<video poster=a.png></video>",
  "<input type=image src=a.png>",
  "<link rel=modulepreload href=a.js>",
]) {
  test(`refuses ${markup}, which would not be served`, async () => {
    const root = folderWith({ "src/index.html": page(markup) })
    const build = buildIsolationApp({ source: join(root, "src"), dir: join(root, "dist") })
    await assert.rejects(build, { code: "REFERS_TO_FILE" })
    assert.equal(existsSync(join(root, "dist")), false)
  })
}
