import assert from "node:assert/strict"
import { mkdir, rename, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { askRaw, BRIDGE, header, startTestServer, type TestServer } from "./server.fixture.ts"

const FILES = {
  "index.html": "<!doctype html><title>Home</title>",
  "about.html": "<title>About</title>",
  "docs/index.html": "<title>Docs</title>",
  "app.js": "console.log(1)",
  "drawing.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
  "a name & more.txt": "spaces",
  "empty.txt": "",
  "page.xhtml": "<html><body/></html>",
  "page.xht": "<html><body/></html>",
  "style.xsl": "<xsl:stylesheet/>",
  "unheard.of": "<p>",
  "back\\slash.txt": "SECRET=5",
  ".env": "SECRET=1",
  ".git/config": "SECRET=2",
  "folder/.hidden": "SECRET=3",
}

let app: TestServer
before(async () => {
  app = await startTestServer({ files: FILES })
  const frontend = join(app.folder, "frontend")
  await writeFile(join(app.folder, "secret.txt"), "SECRET=4")
  await symlink(join(app.folder, "secret.txt"), join(frontend, "link.txt"))
  await symlink(app.folder, join(frontend, "up"))
  await mkdir(`${frontend}-old`)
  await writeFile(join(`${frontend}-old`, "secret.txt"), "SECRET=6")
  await symlink(`${frontend}-old`, join(frontend, "old"))
  await symlink(join(frontend, "app.js"), join(frontend, "inside.js"))
  await symlink(join(frontend, "loop"), join(frontend, "loop"))
})
after(() => app.close())

for (const [path, title] of [
  ["/", "Home"],
  ["/index.html", "Home"],
  ["/?tab=1", "Home"],
  ["/about", "About"],
  ["/about.html", "About"],
  ["/about/", "About"],
  ["/docs", "Docs"],
  ["/docs/", "Docs"],
  ["/notes/42", "Home"],
  ["/notes/v1.2", "Home"],
] as const) {
  test(`finds the document of ${path}, as Tauri does, and puts the bridge into it`, async () => {
    const { status, body, headers } = await app.navigate(path)
    assert.equal(status, 200)
    assert.ok(body.includes(`<title>${title}</title>`))
    assert.ok(body.indexOf(BRIDGE) < body.indexOf("<title>") && body.includes(BRIDGE))
    assert.equal(headers["content-type"], "text/html; charset=utf-8")
  })
}

for (const file of ["page.xhtml", "page.xht"])
  test(`${file} gets the bridge at the top of a window, and the policy everywhere`, async () => {
    const answer = await app.navigate(`/${file}`)
    assert.ok(answer.body.startsWith("<html><script ") && answer.body.includes(BRIDGE))
    const other = await app.ask(`/${file}`)
    assert.equal(other.body, FILES["page.xhtml"])
    for (const { headers } of [answer, other]) {
      assert.equal(headers["content-type"], "application/xhtml+xml")
      assert.match(String(headers["content-security-policy"]), /script-src/)
      assert.equal(headers["cache-control"], "no-store")
    }
  })

test("whatever is no JavaScript goes out under the policy", async () => {
  for (const path of ["/style.xsl", "/drawing.svg", "/unheard.of", "/empty.txt"])
    assert.match(header(await app.ask(path), "content-security-policy"), /script-src/, path)
  assert.equal(header(await app.ask("/app.js"), "content-security-policy"), "frame-ancestors 'self'")
})

test("only documents have index.html to fall back on", async () => {
  assert.equal((await app.ask("/missing.js")).status, 404)
  assert.equal((await app.ask("/missing", { headers: { "sec-fetch-dest": "empty" } })).status, 404)
})

/** As it stands: a client would tidy the path up. */
const askPath = (path: string): Promise<string> =>
  askRaw(
    app.port,
    `GET ${path} HTTP/1.1\r\nHost: localhost:${app.port}\r\nCookie: ${app.cookie}\r\nConnection: close\r\n\r\n`,
  )

test("serves a plain path that is asked for in the same way as those that are refused", async () => {
  assert.match(await askPath("/app.js"), /^HTTP\/1\.1 200 .*console\.log/s)
})

for (const path of [
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/%2e%2e%2fsecret.txt",
  "/..%2fsecret.txt",
  "/..%5csecret.txt",
  "/..\\secret.txt",
  "/docs/../../secret.txt",
  "/docs/%2e%2e/%2e%2e/secret.txt",
  "/%252e%252e/secret.txt",
  "/app.js%00",
  "/app.js%00.txt",
  "/link.txt",
  "/up/secret.txt",
  "/old/secret.txt",
  "/loop",
  "/.env",
  "/%2eenv",
  "/.git/config",
  "/folder/.hidden",
  "/docs//..//..//secret.txt",
  "//etc/passwd",
  "/back\\slash.txt",
  "/docs%2findex.html",
  "/docs%2Findex.html",
  "/%ff",
  "/%",
  `/${"a".repeat(5000)}`,
  `/${"a/".repeat(3000)}`,
]) {
  test(`refuses ${path.slice(0, 60)}`, async () => {
    const answer = await askPath(path)
    assert.match(answer, /^HTTP\/1\.1 404 /)
    assert.ok(!answer.includes("SECRET"))
  })
}

for (const path of ["/.env", "/../secret.txt", "/%2e%2e%2fsecret.txt"]) {
  test(`a document is no way to ${path} either`, async () => {
    const { status, body } = await app.navigate(path)
    assert.equal(status, 404)
    assert.equal(body, "")
  })
}

test("serves files as they are, with their type", async () => {
  const script = await app.ask("/app.js")
  assert.equal(script.body, FILES["app.js"])
  assert.equal(script.headers["content-type"], "text/javascript; charset=utf-8")
  assert.equal((await app.ask("/a%20name%20%26%20more.txt")).body, "spaces")
  assert.equal((await app.ask("/inside.js")).body, FILES["app.js"])
  assert.equal((await app.ask("/empty.txt")).status, 200)
})

test("answers GET and HEAD only", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
    assert.equal((await app.ask("/app.js", { method, headers: { origin: app.server.origin } })).status, 405)
})

test("a file that has not changed is not sent again", async () => {
  const { headers } = await app.ask("/app.js")
  assert.equal(headers["cache-control"], "no-cache")
  const again = await app.ask("/app.js", { headers: { "if-none-match": headers.etag ?? "" } })
  assert.deepEqual([again.status, again.body], [304, ""])
  await writeFile(join(app.folder, "frontend", "app.js"), "console.log(1) ")
  assert.equal((await app.ask("/app.js", { headers: { "if-none-match": headers.etag ?? "" } })).status, 200)
  await writeFile(join(app.folder, "frontend", "app.js"), FILES["app.js"])
})

test("sends parts of files, and whole ones to those who have another version", async () => {
  const part = await app.ask("/app.js", { headers: { range: "bytes=0-6" } })
  assert.deepEqual([part.status, part.body, part.headers["content-range"]], [206, "console", "bytes 0-6/14"])
  assert.equal((await app.ask("/app.js", { headers: { range: "bytes=99-" } })).status, 416)
  const whole = await app.ask("/app.js", { headers: { range: "bytes=0-6", "if-range": part.headers.etag ?? "" } })
  assert.deepEqual([whole.status, whole.body], [200, FILES["app.js"]])
})

test("HEAD gets the headers of GET and no body", async () => {
  for (const [path, ask] of [
    ["/app.js", app.ask],
    ["/", app.ask],
    ["/", app.navigate],
  ] as const) {
    const [head, get] = [await ask(path, { method: "HEAD" }), await ask(path)]
    assert.equal(head.body, "")
    assert.equal(head.headers["content-length"], String(get.body.length))
  }
})

test("what is no navigation gets a document as it stands in the folder, under the same policy", async () => {
  for (const destination of ["iframe", "empty", "script", "object", "embed", "worker"]) {
    const { body, headers } = await app.ask("/index.html", { headers: { "sec-fetch-dest": destination } })
    assert.equal(body, FILES["index.html"])
    assert.equal(headers["content-security-policy"], (await app.navigate("/")).headers["content-security-policy"])
  }
})

test("a drawing, which can be a document, goes out under the page's policy", async () => {
  assert.match(header(await app.ask("/drawing.svg"), "content-security-policy"), /script-src/)
})

test("a file that goes away while it is sent ends its own response only", async () => {
  const path = join(app.folder, "frontend", "large.txt")
  await writeFile(path, Buffer.alloc(8 * 1024 * 1024))
  const answer = await app.ask("/large.txt", { method: "GET", headers: { range: "bytes=0-0" } })
  assert.equal(answer.status, 206)
  const cut = app.ask("/large.txt").catch(() => null)
  await writeFile(path, "")
  await cut
  assert.equal((await app.ask("/app.js")).status, 200)
})

for (const [name, path, make, leave] of [
  ["a file", "swapped.txt", (at: string) => writeFile(at, "mine"), (at: string) => symlink("../secret.txt", at)],
  [
    "a page",
    "swapped.html",
    (at: string) => writeFile(at, "<title>Mine</title>"),
    (at: string) => symlink("../secret.txt", at),
  ],
] as const) {
  test(`${name} that is swapped for a link out of the folder, back and forth, is served or not, and never the link`, async () => {
    const place = join(app.folder, "frontend", path)
    let isOver = false
    const swapping = (async () => {
      for (let turn = 0; !isOver; turn++) {
        await (turn % 2 === 0 ? make : leave)(`${place}.next`)
        await rename(`${place}.next`, place)
        await new Promise(setImmediate)
      }
    })()
    try {
      for (let tries = 0; tries < 60; tries++) {
        const answers = await Promise.all(Array.from({ length: 10 }, () => app.ask(`/${path}`)))
        for (const { status, body } of answers) {
          assert.ok(status === 200 || status === 404, `${status}`)
          assert.doesNotMatch(body, /SECRET/)
        }
      }
    } finally {
      isOver = true
      await swapping
    }
  })
}
