import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { symlinkSync, unlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { parse, serializeOuter } from "parse5"
import { folderWith, HOOK, html } from "./folder.fixture.ts"
import { type IsolationApp, readIsolationApp } from "./isolation-app.ts"
import { Page } from "./page.ts"

const sha256 = (data: string | Uint8Array, encoding: "hex" | "base64"): string =>
  createHash("sha256").update(data).digest(encoding)

/** The scripts of a served document as a browser finds them, each in place of its text's hash. */
function scriptsIn(app: IsolationApp, head = ""): readonly string[] {
  return new Page(app.render(head)).elements("script").map((script) => script.text)
}

function assertHashed(app: IsolationApp, texts: readonly string[]): void {
  assert.deepEqual(scriptsIn(app), texts)
  assert.deepEqual(
    app.scripts,
    [...new Set(texts)].map((text) => `sha256-${sha256(text, "base64")}`),
  )
}

test("inlines the script of the reference's two files, and hashes what is served", async () => {
  const page =
    '<!DOCTYPE html>\n<html>\n<head>\n<title>Isolation</title>\n</head>\n<body>\n<script src="index.js"></script>\n</body>\n</html>\n'
  const dir = folderWith({ "index.html": page, "index.js": `${HOOK}\n` })
  const app = await readIsolationApp(dir)
  assertHashed(app, [`${HOOK}\n`])
  assert.equal(app.dir, dir)
  assert.deepEqual(app.files, [
    { path: "index.html", sha256: sha256(page, "hex") },
    { path: "index.js", sha256: sha256(`${HOOK}\n`, "hex") },
  ])
  assert.ok(app.render("").includes(`<script>${HOOK}\n</script>`))
})

test("puts what the server adds first into the head, as it stands", async () => {
  const dir = folderWith({ "index.html": `<title>x</title><script>${HOOK}</script>` })
  const head = "<script>runtime $& $1</script><data>{}</data>"
  const document = (await readIsolationApp(dir)).render(head)
  assert.ok(document.startsWith(`<html><head>${head}<title>`), document)
  assert.equal(
    document,
    (await readIsolationApp(dir)).render("").replace("<head>", () => `<head>${head}`),
  )
})

test("renders again and again, each time with another head", async () => {
  const app = await readIsolationApp(folderWith({ "index.html": html(`<script>${HOOK}</script>`) }))
  assert.equal(app.render("<b>"), app.render("<b>"))
  assert.equal(app.render("<i>"), app.render("<b>").replace("<b>", "<i>"))
})

test("keeps the order of scripts in files and in the page", async () => {
  const page = html('<script src="b.js"></script><script>3</script>', '<script src="a.js"></script><script>1</script>')
  const app = await readIsolationApp(folderWith({ "index.html": page, "a.js": "0", "b.js": HOOK }))
  assertHashed(app, ["0", "1", HOOK, "3"])
  assert.deepEqual(
    app.files.map(({ path }) => path),
    ["a.js", "b.js", "index.html"],
  )
})

test("reads a script that is used twice once, and hashes it once", async () => {
  const page = html('<script src="index.js"></script><script src="./x/../index.js"></script>')
  const app = await readIsolationApp(folderWith({ "index.html": page, "index.js": HOOK }))
  assertHashed(app, [HOOK, HOOK])
  assert.equal(app.files.length, 2)
})

test("serves what was read, whatever becomes of the files", async () => {
  const dir = folderWith({ "index.html": html('<script src="index.js"></script>'), "index.js": HOOK })
  const app = await readIsolationApp(dir)
  writeFileSync(join(dir, "index.js"), "evil()")
  unlinkSync(join(dir, "index.html"))
  assertHashed(app, [HOOK])
})

test("lists only what it uses", async () => {
  const files = { "index.html": html(`<script>${HOOK}</script>`), "other.js": HOOK, "a/b.css": "" }
  assert.deepEqual(
    (await readIsolationApp(folderWith(files))).files.map(({ path }) => path),
    ["index.html"],
  )
})

const texts: readonly [promise: string, written: string, served: string][] = [
  ["CRLF", `${HOOK}\r\nlet a\r\n`, `${HOOK}\nlet a\n`],
  ["CR", `${HOOK}\rlet a`, `${HOOK}\nlet a`],
  ["a byte order mark", `\uFEFF${HOOK}`, HOOK],
  ["what is not ASCII", `${HOOK} // ü 漢 😀 \u2028`, `${HOOK} // ü 漢 😀 \u2028`],
  ["a harmless <!--", `${HOOK}; "<!--"`, `${HOOK}; "<!--"`],
  ["a harmless <script", `${HOOK}; "<script>"`, `${HOOK}; "<script>"`],
  ["a harmless </scripted", `${HOOK}; "</scripted>"`, `${HOOK}; "</scripted>"`],
  ["what looks like markup and entities", `${HOOK}; "<b>&amp;</b>"`, `${HOOK}; "<b>&amp;</b>"`],
  ["patterns of String.replace", `${HOOK}; "$& $1 $$"`, `${HOOK}; "$& $1 $$"`],
  ["a first empty line", `\n\n${HOOK}`, `\n\n${HOOK}`],
]

for (const [promise, written, served] of texts) {
  test(`hashes a script with ${promise} as a browser will`, async () => {
    const files = { "index.html": html('<script src="index.js"></script>'), "index.js": written }
    const app = await readIsolationApp(folderWith(files))
    assertHashed(app, [served])
    assert.equal(app.files[1]?.sha256, sha256(written, "hex"), "the lock knows the bytes on disk")
  })

  test(`hashes a script in the page with ${promise} as a browser will`, async () => {
    const app = await readIsolationApp(folderWith({ "index.html": html(`<script>${written}</script>`) }))
    assertHashed(app, [promise === "a byte order mark" ? `\uFEFF${HOOK}` : served])
  })
}

const paths: readonly [promise: string, src: string, file: string][] = [
  ["a plain name", "index.js", "index.js"],
  ["a name in a folder", "lib/a/index.js", "lib/a/index.js"],
  ["a leading ./", "./index.js", "index.js"],
  ["a leading /, which means the folder", "/lib/index.js", "lib/index.js"],
  ["a .. that stays inside", "lib/../index.js", "index.js"],
  ["backslashes, as a browser does", "lib\\index.js", "lib/index.js"],
  ["outer spaces", " index.js\n", "index.js"],
  ["percent escapes", "my%20h%C3%BCk.js", "my hük.js"],
  ["a name that begins with two dots", "..index.js", "..index.js"],
]

for (const [promise, src, file] of paths) {
  test(`finds a script by ${promise}`, async () => {
    const dir = folderWith({ "index.html": html(`<script src="${src}"></script>`), "lib/x": "", [file]: HOOK })
    assertHashed(await readIsolationApp(dir), [HOOK])
  })
}

test("follows a link that stays inside the folder, and lists where it leads", async () => {
  const dir = folderWith({ "index.html": html('<script src="index.js"></script>'), "lib/real.js": HOOK })
  symlinkSync(join(dir, "lib", "real.js"), join(dir, "index.js"))
  const app = await readIsolationApp(dir)
  assertHashed(app, [HOOK])
  assert.deepEqual(
    app.files.map(({ path }) => path),
    ["index.html", "lib/real.js"],
  )
})

test("reads a folder behind a link", async () => {
  const dir = folderWith({ "index.html": html('<script src="index.js"></script>'), "index.js": HOOK })
  symlinkSync(dir, `${dir}-link`)
  assertHashed(await readIsolationApp(`${dir}-link`), [HOOK])
})

test("runs deferred scripts when the document is there: after the others, in their order", async () => {
  const page = html(
    '<script src="c.js"></script><p>end</p>',
    '<script defer src="a.js"></script><script src="b.js" defer=""></script>',
  )
  const app = await readIsolationApp(folderWith({ "index.html": page, "a.js": "1", "b.js": "2", "c.js": HOOK }))
  assertHashed(app, [HOOK, "1", "2"])
  assert.ok(app.render("").includes("<p>end</p><script>1</script><script>2</script></body>"))
})

test("leaves scripts where they are that defer does not defer: async ones, and those in the page", async () => {
  const page = html(`<script>${HOOK}</script>`, '<script async defer src="a.js"></script><script defer>2</script>')
  assertHashed(await readIsolationApp(folderWith({ "index.html": page, "a.js": "1" })), ["1", "2", HOOK])
})

test("removes what says how to load a script, and keeps the rest", async () => {
  const attributes = 'id=a src="index.js" async integrity="sha256-x" crossorigin charset="utf-8" type="text/javascript"'
  const app = await readIsolationApp(
    folderWith({ "index.html": html(`<script ${attributes}>old</script>`), "index.js": HOOK }),
  )
  assert.ok(app.render("").includes(`<script id="a" type="text/javascript">${HOOK}</script>`), app.render(""))
})

test("keeps data blocks as they are, without a hash", async () => {
  const data = '<script type="application/json">{"import": "</x>"}</script>'
  const app = await readIsolationApp(folderWith({ "index.html": html(`${data}<script>${HOOK}</script>`) }))
  assert.ok(app.render("").includes(data))
  assert.deepEqual(app.scripts, [`sha256-${sha256(HOOK, "base64")}`])
})

test("leaves scripts in a template alone: they do not run", async () => {
  const template = '<template><script src="no.js"></script></template>'
  const app = await readIsolationApp(folderWith({ "index.html": html(`${template}<script>${HOOK}</script>`) }))
  assert.ok(app.render("").includes(template))
  assert.equal(app.scripts.length, 1)
})

const removed: readonly [promise: string, markup: string][] = [
  [
    "a policy in <meta>, which would block the inlined scripts",
    `<meta http-equiv=" content-security-Policy " content="script-src 'self'">`,
  ],
  ["<base>, which has nothing to point at", '<base href="https://example.org/">'],
]

for (const [promise, markup] of removed) {
  test(`takes out ${promise}`, async () => {
    const page = html(`<script src="index.js"></script>${markup}`, markup)
    const app = await readIsolationApp(folderWith({ "index.html": page, "index.js": HOOK }))
    assert.equal(app.render(""), html(`<script>${HOOK}</script>`).replace("<!doctype", "<!DOCTYPE"))
  })
}

test("gives every page a head and a body", async () => {
  const app = await readIsolationApp(folderWith({ "index.html": `<script>${HOOK}</script>` }))
  const [root] = parse(app.render("<title>t</title>")).childNodes
  assert.ok(root)
  assert.equal(
    serializeOuter(root as never),
    `<html><head><title>t</title><script>${HOOK}</script></head><body></body></html>`,
  )
})
