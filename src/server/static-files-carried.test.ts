import assert from "node:assert/strict"
import { join, resolve } from "node:path"
import { after, before, test } from "node:test"
import { MemoryFiles } from "../files/memory-files.ts"
import { BRIDGE, header, startTestServer, type TestServer } from "./server.fixture.ts"

const ROOT = resolve("/opt/hello")
const FILES: Readonly<Record<string, string>> = {
  "app/frontend/index.html": "<!doctype html><title>Home</title>",
  "app/frontend/about.html": "<title>About</title>",
  "app/frontend/app.js": "console.log(1)",
  "app/frontend/.env": "SECRET=1",
  "app/configuration.json": "SECRET=2",
  "app/frontend-old/secret.txt": "SECRET=3",
}

let app: TestServer
before(async () => {
  const carried = new MemoryFiles(ROOT, Object.keys(FILES), (name) => Buffer.from(FILES[name] ?? ""))
  app = await startTestServer({ config: { frontendDist: join(ROOT, "app/frontend") }, options: { carried } })
})
after(() => app.close())

test("a frontend that a program carries is served as one on the disk is, with the bridge in its documents", async () => {
  for (const [path, title] of [
    ["/", "Home"],
    ["/about", "About"],
    ["/notes/42", "Home"],
  ] as const) {
    const { status, body } = await app.navigate(path)
    assert.equal(status, 200)
    assert.ok(body.includes(BRIDGE) && body.includes(`<title>${title}</title>`), path)
  }
  const { status, body, headers } = await app.ask("/app.js")
  assert.deepEqual([status, body, headers["content-type"]], [200, "console.log(1)", "text/javascript; charset=utf-8"])
})

test("its files have ranges, and validators by what they hold", async () => {
  const part = await app.ask("/app.js", { headers: { range: "bytes=8-10" } })
  assert.deepEqual([part.status, part.body, header(part, "content-range")], [206, "log", "bytes 8-10/14"])
  const etag = header(await app.ask("/app.js"), "etag")
  assert.match(etag, /^W\/"[0-9a-f]{64}"$/)
  assert.equal((await app.ask("/app.js", { headers: { "if-none-match": etag } })).status, 304)
})

for (const path of [
  "/.env",
  "/../configuration.json",
  "/%2e%2e/configuration.json",
  "/../frontend-old/secret.txt",
  "/no.js",
])
  test(`nothing but the frontend is in reach: ${path}`, async () => {
    const { status, body } = await app.ask(path)
    assert.equal(status, 404)
    assert.ok(!body.includes("SECRET"))
  })
