import assert from "node:assert/strict"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { folderWith, HOOK, html } from "./folder.fixture.ts"
import {
  ISOLATION_APP_ERRORS,
  IsolationAppError,
  type IsolationAppErrorCode,
  readIsolationApp,
} from "./isolation-app.ts"

async function errorOf(dir: string): Promise<IsolationAppError> {
  const error = await readIsolationApp(dir).then(
    () => assert.fail("the isolation app was accepted"),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof IsolationAppError, String(error))
  return error
}

const seen = new Set<IsolationAppErrorCode>()

async function assertRefused(dir: string, code: IsolationAppErrorCode, at: string, says: RegExp): Promise<void> {
  const error = await errorOf(dir)
  seen.add(error.code)
  const position = error.position === null ? "" : `:${error.position.line}:${error.position.column}`
  assert.deepEqual([error.code, `${error.file}${position}`], [code, join(dir, at)])
  assert.match(error.message, says)
  assert.ok(error.message.startsWith(`Isolation app: ${join(dir, at)}: `), error.message)
  assert.ok(error.message.endsWith(`To do: ${ISOLATION_APP_ERRORS[code]}.`), error.message)
}

const hook = `<script>${HOOK}</script>`
const load = (src: string): string => html(`<script src="${src}"></script>${hook}`)
const index = (page: string) => ({ "index.html": page })
const script = (text: string) => ({ "index.html": load("a.js"), "a.js": text })

type Files = Readonly<Record<string, string | Uint8Array>>

/** `at` is relative to the folder, with line and column where the error has them. */
const refused: readonly [promise: string, files: Files, code: IsolationAppErrorCode, at: string, says: RegExp][] = [
  ["an empty folder", {}, "DIR_EMPTY", "", /this folder is empty/],
  [
    "a folder without index.html",
    { "z.js": HOOK, "main.html": "" },
    "INDEX_MISSING",
    "",
    /no index\.html \(it has main\.html, z\.js\)/,
  ],
  ["an index.html that is a folder", { "index.html/x": "" }, "UNREADABLE", "index.html", /this is no file/],
  ["an index.html that is no UTF-8", { "index.html": Uint8Array.of(0xff) }, "NOT_UTF8", "index.html", /no UTF-8/],
  [
    "a module in a file",
    index(html(`\n <script type="module" src="a.js"></script>${hook}`)),
    "MODULE_SCRIPT",
    "index.html:2:2",
    /is a module/,
  ],
  [
    "a module in the page",
    index(html(`<script type=" MODULE">1</script>${hook}`)),
    "MODULE_SCRIPT",
    "index.html:1:41",
    /without type="module"/,
  ],
  [
    "an import map",
    index(html(`<script type="importmap">{}</script>${hook}`)),
    "IMPORT_MAP",
    "index.html:1:41",
    /import map/,
  ],
  [
    "a script whose type no browser runs",
    index(html(`<script type="text/javscript" src="a.js"></script>${hook}`)),
    "SCRIPT_TYPE",
    "index.html:1:41",
    /would not run/,
  ],
  [
    "a script that only old browsers run",
    index(html(`<script nomodule src="a.js"></script>${hook}`)),
    "SCRIPT_TYPE",
    "index.html:1:41",
    /would not run/,
  ],
  [
    "a script in an SVG",
    index(html(`<svg><script>1</script></svg>${hook}`)),
    "SCRIPT_IN_SVG",
    "index.html:1:46",
    /not an HTML element/,
  ],
  [
    "a refresh",
    index(html(hook, '<meta http-equiv="REFRESH" content="0; url=x">')),
    "META_REFRESH",
    "index.html:1:28",
    /leaves the page/,
  ],
  [
    "a script from https:",
    index(load("https://cdn.example/a.js")),
    "SCRIPT_REMOTE",
    "index.html:1:41",
    /src="https:\/\/cdn\.example\/a\.js"/,
  ],
  [
    "a script from http:",
    index(load("HTTP://cdn.example/a.js")),
    "SCRIPT_REMOTE",
    "index.html:1:41",
    /no file of the folder/,
  ],
  ["a script from another host", index(load("//cdn.example/a.js")), "SCRIPT_REMOTE", "index.html:1:41", /no network/],
  [
    "a script from another host, with backslashes",
    index(load("\\\\cdn.example/a.js")),
    "SCRIPT_REMOTE",
    "index.html:1:41",
    /no network/,
  ],
  [
    "a script from another host, behind a tab",
    index(load("/\t/cdn.example/a.js")),
    "SCRIPT_REMOTE",
    "index.html:1:41",
    /no network/,
  ],
  [
    "a script from a data: URL",
    index(load("data:text/javascript,1")),
    "SCRIPT_REMOTE",
    "index.html:1:41",
    /no file of the folder/,
  ],
  [
    "a script from a file: URL",
    index(load("file:///etc/hostname")),
    "SCRIPT_REMOTE",
    "index.html:1:41",
    /no file of the folder/,
  ],
  [
    "a script with a query",
    { ...index(load("a.js?v=1")), "a.js": "1" },
    "SCRIPT_QUERY",
    "index.html:1:41",
    /src="a\.js\?v=1" has a query/,
  ],
  [
    "a script with a fragment",
    { ...index(load("a.js#x")), "a.js": "1" },
    "SCRIPT_QUERY",
    "index.html:1:41",
    /a fragment/,
  ],
  ["a script without a name", index(load("")), "SCRIPT_MISSING", "index.html:1:41", /names no file/],
  ["a script that is the folder", index(load("/")), "SCRIPT_MISSING", "index.html:1:41", /names no file/],
  ["a script with a broken escape", index(load("%zz.js")), "SCRIPT_MISSING", "index.html:1:41", /no well-formed path/],
  ["a script that does not exist", index(load("lib/a.js")), "SCRIPT_MISSING", "lib/a.js", /does not exist/],
  [
    "a script below a file",
    { ...index(load("a.js/b.js")), "a.js": "1" },
    "SCRIPT_MISSING",
    "a.js/b.js",
    /does not exist/,
  ],
  ["a script that is a folder", { ...index(load("lib")), "lib/a.js": "" }, "UNREADABLE", "lib", /this is no file/],
  [
    "a script that is no UTF-8",
    { ...index(load("a.js")), "a.js": Uint8Array.of(0x22, 0xe9, 0x22) },
    "NOT_UTF8",
    "a.js",
    /save it as UTF-8/,
  ],
  [
    "a script outside of the folder",
    index(load("../a.js")),
    "SCRIPT_OUTSIDE",
    "../a.js",
    /is not in .*no part of the isolation app/,
  ],
  ["a script that cannot be parsed", script("let a\n  = )"), "SCRIPT_SYNTAX", "a.js:2:5", /Unexpected token/],
  [
    "a script in the page that cannot be parsed",
    index(html(`${hook}\n<script>\nlet a = )</script>`)),
    "SCRIPT_SYNTAX",
    "index.html:3:9",
    /Unexpected token/,
  ],
  [
    "a script in the page that cannot be parsed, on its first line",
    index(html(`<script>)</script>${hook}`)),
    "SCRIPT_SYNTAX",
    "index.html:1:49",
    /Unexpected token/,
  ],
  [
    "a script with import",
    script(`1\nimport a from "./a.js"`),
    "SCRIPT_IS_MODULE",
    "a.js:2:1",
    /this is a module.*modules cannot run/,
  ],
  [
    "a script that is TypeScript, which no browser runs",
    { "index.html": load("a.ts"), "a.ts": "let a\nlet b: string" },
    "SCRIPT_IS_TYPESCRIPT",
    "a.ts:2:6",
    /build the isolation app with "sallyport build"/,
  ],
  [
    "a script that is no TypeScript either",
    { "index.html": load("a.ts"), "a.ts": "let a: = )" },
    "SCRIPT_SYNTAX",
    "a.ts:1:6",
    /Unexpected token/,
  ],
  [
    "a script that ends its element",
    script('let a\nlet b = "</script>"'),
    "SCRIPT_BREAKS_HTML",
    "a.js:2:10",
    /write "<\\\/script" for/,
  ],
  [
    "a page without a script",
    index(html("")),
    "HOOK_NOT_MENTIONED",
    "index.html",
    /set window\.__TAURI_ISOLATION_HOOK__/,
  ],
  [
    "a hook in a file that the page does not load",
    { ...index(html("")), "index.js": HOOK },
    "HOOK_NOT_MENTIONED",
    "index.html",
    /no script of this page/,
  ],
  [
    "a hook in a comment of the page",
    index(html(`<!-- ${HOOK} -->`)),
    "HOOK_NOT_MENTIONED",
    "index.html",
    /no script of this page/,
  ],
  [
    "a hook in a data block",
    index(html(`<script type="text/plain">${HOOK}</script>`)),
    "HOOK_NOT_MENTIONED",
    "index.html",
    /no script of this page/,
  ],
  [
    "a page that reads differently once it is written",
    { ...index(html(`${hook}<plaintext>`, '<script defer src="a.js"></script>')), "a.js": "1" },
    "NOT_STABLE",
    "index.html",
    /not well-formed/,
  ],
]

for (const [promise, files, code, at, says] of refused) {
  test(`refuses ${promise}`, () => assertRefused(folderWith(files), code, at, says))
}

test("says what a missing folder resolved to, and which setting names it", async () => {
  const dir = join(folderWith({}), "dist", "isolation")
  await assertRefused(dir, "DIR_MISSING", "", /does not exist.*app\.security\.pattern\.options\.dir/)
})

test("says that the folder is a file", async () => {
  const dir = join(folderWith({ "index.html": hook }), "index.html")
  await assertRefused(dir, "DIR_IS_FILE", "", /is a file, not a folder.*app\.security\.pattern\.options\.dir/)
})

test("resolves a relative folder from the working directory, and shows the result", async () => {
  const dir = folderWith({})
  mkdirSync(join(dir, "empty"))
  const before = process.cwd()
  process.chdir(dir)
  try {
    assert.equal((await errorOf("empty")).file, join(dir, "empty"))
  } finally {
    process.chdir(before)
  }
})

test("has a test for each of its errors; those of locks, of single files and of builds have theirs elsewhere", () => {
  const elsewhere = /^(LOCK|FILE|SOURCE|TYPESCRIPT|TAURI|REFERS)_|^(DIR_NOT_BUILT|NOT_WRITTEN)$/
  const here = Object.keys(ISOLATION_APP_ERRORS).filter((code) => !elsewhere.test(code))
  assert.deepEqual([...seen].sort(), here.sort())
})
