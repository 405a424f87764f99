import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { buildIsolationApp } from "./build.ts"
import { folderWith, HOOK, html } from "./folder.fixture.ts"
import { readIsolationApp } from "./isolation-app.ts"
import { keyPair } from "./lock.fixture.ts"
import { LOCK_NAME } from "./lock.ts"
import { Page } from "./page.ts"
import { contents, type Files, project, SOURCE, TYPED } from "./project.fixture.ts"

const scriptsIn = (dir: string): readonly string[] =>
  new Page(readFileSync(join(dir, "index.html"), "utf8")).elements("script").map(({ text }) => text)

async function built(source: Files): Promise<string> {
  const paths = project(source)
  await buildIsolationApp(paths)
  return paths.dir
}

test("builds a page with every script in it and its lock, and nothing else", async () => {
  const paths = project(SOURCE)
  const build = await buildIsolationApp(paths)
  assert.deepEqual(readdirSync(paths.dir).sort(), ["index.html", LOCK_NAME])
  assert.deepEqual(
    build.sources,
    ["hook.ts", "index.html", "lib/check.js"].map((name) => join(paths.source, name)),
  )
  const page = readFileSync(join(paths.dir, "index.html"))
  const sha256 = createHash("sha256").update(page).digest("hex")
  assert.deepEqual(build.lock, { version: 1, files: [{ path: "index.html", sha256 }] })
  const app = await readIsolationApp(paths.dir)
  assert.deepEqual(app.lock, build.lock)
  assert.deepEqual(scriptsIn(paths.dir), [
    "\n// lib/check.js\nconst check = true\n;\n// hook.ts\n(window       ).__TAURI_ISOLATION_HOOK__ = (payload                 )         => payload\n",
  ])
})

test("every line and column of a script is where its source has it, types or not", async () => {
  const text = `type A = { a: string }\nconst a: A = { a: "ä" }\n\n${HOOK} as unknown as never; throw_here()\n`
  const [script = ""] = scriptsIn(await built({ "index.html": html('<script src="a.ts"></script>'), "a.ts": text }))
  const lines = script.split("\n").slice(2)
  assert.equal(lines.length, text.split("\n").length)
  const place = (all: readonly string[]) => [
    all.findIndex((line) => line.includes("throw_here")),
    all[3]?.indexOf("throw_here"),
  ]
  assert.deepEqual(place(lines), place(text.split("\n")))
})

test("the same source makes the same bytes: whenever, wherever, in whatever order its files were written", async () => {
  const reversed = Object.fromEntries(Object.entries(SOURCE).reverse())
  const windows = Object.fromEntries(
    Object.entries(SOURCE).map(([name, text]) => [name, `\uFEFF${String(text).replaceAll("\n", "\r\n")}`]),
  )
  const first = contents(await built(SOURCE))
  for (const source of [SOURCE, reversed, windows]) assert.deepEqual(contents(await built(source)), first)
})

test("building again touches nothing, and a change is seen", async () => {
  const paths = project(SOURCE)
  assert.equal((await buildIsolationApp(paths)).changed, true)
  // A file that is only read keeps its times, and a folder keeps its own as long as nothing is put into it.
  const times = () =>
    [paths.root, paths.dir, join(paths.dir, "index.html")].map((path) => {
      const { ino, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
      return { ino, mtimeNs, ctimeNs }
    })
  const before = times()
  assert.equal((await buildIsolationApp(paths)).changed, false)
  assert.deepEqual(times(), before)
  writeFileSync(join(paths.source, "lib/check.js"), "const check = false\n")
  assert.equal((await buildIsolationApp(paths)).changed, true)
  assert.match(scriptsIn(paths.dir).join(), /check = false/)
  assert.deepEqual(readdirSync(paths.root).sort(), ["dist-isolation", "src-isolation"])
})

test("what is built with a key is signed by it", async () => {
  const { secret, open, publicKey } = keyPair()
  const paths = project(SOURCE)
  assert.equal((await buildIsolationApp({ ...paths, key: secret })).lock.signature?.publicKey, publicKey)
  await readIsolationApp(paths.dir, { publicKey: open })
  assert.equal((await buildIsolationApp(paths)).changed, true, "without a key the signature goes")
  await assert.rejects(readIsolationApp(paths.dir, { publicKey: open }), { code: "LOCK_UNSIGNED" })
})

test("what was built can be built from, and becomes no other", async () => {
  const dir = await built(SOURCE)
  const again = join(dir, "..", "again")
  await buildIsolationApp({ source: dir, dir: again })
  assert.match(readFileSync(join(again, "index.html"), "utf8"), /hook\.ts/)
})

test("finds its way through spaces, letters of all kinds, and links", async () => {
  const root = folderWith({ "mein prüf 漢/src ü/index.html": html('<script src="my%20h%C3%BCk.ts"></script>') })
  const source = join(root, "mein prüf 漢", "src ü")
  writeFileSync(join(source, "my hük.ts"), TYPED)
  const dir = join(root, "mein prüf 漢", "new", "dist '&$")
  await buildIsolationApp({ source, dir })
  await readIsolationApp(dir)
  symlinkSync(dir, join(root, "link"))
  writeFileSync(join(source, "my hük.ts"), `${TYPED}// more\n`)
  assert.equal((await buildIsolationApp({ source, dir: join(root, "link") })).changed, true)
  assert.match(scriptsIn(dir).join(), /\/\/ more/)
})

const wrong: readonly [promise: string, source: Files, code: string, at: string, says: RegExp][] = [
  ["no index.html", { "hook.ts": TYPED }, "INDEX_MISSING", "", /has no index\.html \(it has hook\.ts\)/],
  [
    "a script that is not there",
    { "index.html": html('<script src="a.ts"></script>') },
    "SCRIPT_MISSING",
    "a.ts",
    /\./,
  ],
  ["TypeScript that is none", { ...SOURCE, "hook.ts": "let a\nlet b: = 1" }, "SCRIPT_SYNTAX", "hook.ts:2:8", /\./],
  ["JavaScript that is none", { ...SOURCE, "lib/check.js": "let a = )" }, "SCRIPT_SYNTAX", "lib/check.js:1:9", /\./],
  [
    "an enum",
    { ...SOURCE, "hook.ts": `${TYPED}enum A { B }` },
    "TYPESCRIPT_IS_CODE",
    "hook.ts:2:1",
    /write it in JavaScript/,
  ],
  ["export {}", { ...SOURCE, "hook.ts": `${TYPED}export {}` }, "SCRIPT_IS_MODULE", "hook.ts:2:1", /classic script/],
  [
    "HTML that browsers mend each time otherwise",
    { ...SOURCE, "index.html": `<script defer src="hook.ts"></script><plaintext>` },
    "NOT_STABLE",
    "index.html",
    /well-formed/,
  ],
  [
    "bytes that are no text",
    { ...SOURCE, "lib/check.js": Uint8Array.of(0xff) },
    "NOT_UTF8",
    "lib/check.js",
    /save it as UTF-8/,
  ],
  [
    "a picture",
    { ...SOURCE, "index.html": html('<img src="a.png"><script src="hook.ts"></script>') },
    "REFERS_TO_FILE",
    "index.html:1:41",
    /<img src="a\.png"> refers to another file/,
  ],
  [
    "a style sheet",
    { ...SOURCE, "index.html": html('<script src="hook.ts"></script>', '<link rel="stylesheet" href="a.css">') },
    "REFERS_TO_FILE",
    "index.html:1:28",
    /nothing but index\.html/,
  ],
  [
    "a name that Tauri replaces",
    { ...SOURCE, "hook.ts": `${TYPED}const a: string = "__TEMPLATE_runtime_aes_gcm_key__"` },
    "TAURI_REPLACES",
    "hook.ts:2:20",
    /this is __TEMPLATE_runtime_aes_gcm_key__.*Tauri puts/,
  ],
  [
    "such a name in the page",
    { ...SOURCE, "index.html": html('<p>__TAURI_SCRIPT_NONCE__</p><script src="hook.ts"></script>') },
    "TAURI_REPLACES",
    "index.html:1:44",
    /__TAURI_SCRIPT_NONCE__/,
  ],
]

for (const [promise, source, code, at, says] of wrong) {
  test(`refuses ${promise}, says where, and leaves the last build`, async () => {
    const paths = project(SOURCE)
    await buildIsolationApp(paths)
    const before = contents(paths.dir)
    rmSync(paths.source, { recursive: true })
    renameSync(project(source).source, paths.source)
    await assert.rejects(buildIsolationApp(paths), (error: Error & { code: string }) => {
      assert.equal(error.code, code, String(error))
      assert.ok(error.message.includes(`${join(paths.source, at)}: `), error.message)
      assert.match(error.message, says)
      return true
    })
    assert.deepEqual(contents(paths.dir), before)
    assert.deepEqual(readdirSync(paths.root).sort(), ["dist-isolation", "src-isolation"])
  })
}

for (const [promise, page] of [
  ["tags that are not closed", '<p><b><i><div><script src="hook.ts"></script></p></b>'],
  ["a script that is not closed", '<script src="hook.ts">'],
  ["tags that are closed twice", '</body></html></div><script src="hook.ts"></script></script></body>'],
  ["attributes twice, and quotes that are open", '<script src="hook.ts" src="b.js"></script><p title="'],
] as const) {
  test(`builds what browsers make of HTML with ${promise}`, async () => {
    const dir = await built({ ...SOURCE, "index.html": page })
    assert.match(scriptsIn(dir).join(), /hook\.ts/)
    await readIsolationApp(dir)
  })
}

test("a file of 100 MB is refused before it is read", async () => {
  const paths = project(SOURCE)
  truncateSync(join(paths.source, "lib/check.js"), 100 * 1024 * 1024)
  await assert.rejects(buildIsolationApp(paths), { code: "FILE_TOO_LARGE", file: join(paths.source, "lib/check.js") })
})

test("links in a circle are refused", async () => {
  const paths = project(SOURCE)
  rmSync(join(paths.source, "hook.ts"))
  symlinkSync("hook.ts", join(paths.source, "hook.ts"))
  await assert.rejects(buildIsolationApp(paths), { code: "UNREADABLE", message: /ELOOP/ })
})

test("says that the source is missing, or a file", async () => {
  const { source, dir } = project(SOURCE)
  for (const nowhere of [join(source, "nowhere"), join(source, "hook.ts"), join(source, "hook.ts", "x")]) {
    await assert.rejects(buildIsolationApp({ source: nowhere, dir }), { code: "SOURCE_MISSING", file: nowhere })
  }
})
