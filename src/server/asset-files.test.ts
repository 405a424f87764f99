import assert from "node:assert/strict"
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { Directories } from "../directories/directories.ts"
import { PathScope } from "../directories/path-scope.ts"
import type { ResolvedPath } from "../directories/real-path.ts"
import { ASSET_PATH } from "../protocol/endpoints.ts"
import {
  type Answer,
  type AskOptions,
  ask,
  askRaw,
  header,
  startTestServer,
  type TestServer,
} from "./server.fixture.ts"

const folder = await realpath(await mkdtemp(join(tmpdir(), "sallyport-assets-")))
after(() => rm(folder, { recursive: true, force: true }))
const open = join(folder, "open")
const directories = new Directories({ identifier: "app", resources: folder })
const scopeOf = (allow: readonly string[], deny: readonly string[] = []): PathScope =>
  new PathScope({ allow, deny }, directories)

const TEXT = "0123456789"
let app: TestServer

before(async () => {
  await mkdir(join(open, "private"), { recursive: true })
  await mkdir(join(open, "folder"))
  for (const [name, text] of [
    ["a.txt", TEXT],
    ["empty.png", ""],
    ["page.html", "<script>alert(1)</script>"],
    ["drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ["code.js", "alert(1)"],
    ["größe & 100%.txt", "named"],
    [".hidden", "SECRET"],
    ["private/key.txt", "SECRET"],
    ["../secret.txt", "SECRET"],
  ] as const)
    await writeFile(join(open, name), text)
  await symlink(join(folder, "secret.txt"), join(open, "link.txt"))
  await symlink(folder, join(open, "up"))
  await symlink(join(open, "a.txt"), join(open, "inside.txt"))
  app = await startTestServer({ options: { assets: scopeOf([`${open}/**`], [`${open}/private/**`]) } })
})
after(() => app.close())

const at = (name: string): string => `${ASSET_PATH}${encodeURIComponent(join(open, name))}`
/** As a page of the app asks: what a browser adds, and no script can. */
const fromPage = (path: string, { headers, ...options }: AskOptions = {}): Promise<Answer> =>
  app.ask(path, { ...options, headers: { "sec-fetch-site": "same-origin", "sec-fetch-dest": "image", ...headers } })

describe("assets in the scope", () => {
  test("are sent as they are, with the type of their name and nothing to guess", async () => {
    const { status, body, headers } = await fromPage(at("a.txt"))
    assert.deepEqual([status, body], [200, TEXT])
    assert.equal(headers["content-type"], "text/plain; charset=utf-8")
    assert.equal(headers["x-content-type-options"], "nosniff")
    assert.equal(headers["cross-origin-resource-policy"], "same-origin")
    assert.equal((await fromPage(at("empty.png"))).headers["content-type"], "image/png")
    assert.equal((await fromPage(at("größe & 100%.txt"))).body, "named")
    assert.equal((await fromPage(at("inside.txt"))).body, TEXT)
  })

  for (const [range, status, body, contentRange] of [
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=0-1,4-5", 200, TEXT, undefined],
    ["lines=1-2", 200, TEXT, undefined],
  ] as const)
    test(`${range}: ${status}`, async () => {
      const answer = await fromPage(at("a.txt"), { headers: { range } })
      assert.deepEqual([answer.status, answer.body, answer.headers["content-range"]], [status, body, contentRange])
      if (status !== 416) assert.equal(answer.headers["accept-ranges"], "bytes")
    })

  test("HEAD gets the headers of GET and no body", async () => {
    const { status, body, headers } = await fromPage(at("a.txt"), { method: "HEAD" })
    assert.deepEqual([status, body, headers["content-length"]], [200, "", "10"])
    const part = await fromPage(at("a.txt"), { method: "HEAD", headers: { range: "bytes=0-0" } })
    assert.deepEqual([part.status, part.body, part.headers["content-length"]], [206, "", "1"])
  })

  test("are not sent again when they have not changed", async () => {
    const { headers } = await fromPage(at("a.txt"))
    const again = await fromPage(at("a.txt"), {
      headers: { "if-none-match": header({ headers, status: 0, body: "" }, "etag") },
    })
    assert.deepEqual([again.status, again.body], [304, ""])
  })

  test("that are not there are not found: whoever may see a file may know that it is missing", async () => {
    for (const name of ["missing.txt", "folder"]) assert.equal((await fromPage(at(name))).status, 404, name)
  })

  test("are never documents that run scripts, and never get the bridge", async () => {
    for (const name of ["page.html", "drawing.svg"])
      for (const destination of ["document", "iframe", "embed", "object"]) {
        const answer = await fromPage(at(name), { headers: { "sec-fetch-dest": destination } })
        assert.equal(answer.status, 200)
        assert.match(header(answer, "content-security-policy"), /^sandbox; default-src 'none'; /)
        assert.doesNotMatch(header(answer, "content-security-policy"), /allow-|script-src/)
        assert.ok(!answer.body.includes("window.bridge"))
      }
  })

  test("the configuration's headers cannot take their guard away", async () => {
    const headers = { "X-Content-Type-Options": "x", "Cross-Origin-Resource-Policy": "cross-origin" }
    const lax = await startTestServer({ config: { headers, csp: null }, options: { assets: scopeOf([`${open}/**`]) } })
    const answer = await lax.ask(at("a.txt"), { headers: { "sec-fetch-site": "same-origin" } })
    assert.equal(header(answer, "x-content-type-options"), "nosniff")
    assert.equal(header(answer, "cross-origin-resource-policy"), "same-origin")
    assert.match(header(answer, "content-security-policy"), /^sandbox/)
    await lax.close()
  })
})

describe("refuses with 403 and no body", () => {
  /** As it stands: a client would tidy the path up. */
  const askPath = (path: string): Promise<string> =>
    askRaw(
      app.port,
      `GET ${path} HTTP/1.1\r\nHost: localhost:${app.port}\r\nCookie: ${app.cookie}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\r\n`,
    )
  const encoded = encodeURIComponent(open)

  test("unlike what is asked for in the same way and is in the scope", async () =>
    assert.match(await askPath(`${ASSET_PATH}${encoded}%2Fa.txt`), /^HTTP\/1\.1 200 .*0123456789$/s))

  for (const path of [
    encodeURIComponent(join(folder, "secret.txt")),
    encodeURIComponent("/etc/passwd"),
    "/etc/passwd",
    "",
    `${encoded}%2F..%2Fsecret.txt`,
    `${encoded}/../secret.txt`,
    `${encoded}%2F%2e%2e%2Fsecret.txt`,
    `${encoded}%2Fprivate%2F..%2Fa.txt`,
    `${encoded}%2Fa.txt%2F..%2F..%2Fsecret.txt`,
    `${encoded}%252F..%252Fsecret.txt`,
    `${encoded}%2F..%5Csecret.txt`,
    `${encoded}%2Fprivate%2Fkey.txt`,
    `${encoded}%2F%2Fprivate%2F%2Fkey.txt`,
    `${encoded}%2F.%2Fprivate%2Fkey.txt`,
    `${encoded}%2Fup%2Fopen%2Fprivate%2Fkey.txt`,
    `${encoded}%2Fup%2Fsecret.txt`,
    `${encoded}%2Flink.txt`,
    `${encoded}%2F.hidden`,
    `${encoded}%2Fa.txt%00`,
    `${encoded}%2Fa.txt%00.png`,
    `${encoded}%2Fa.txt%ff`,
    `${encoded}%2Fa.txt%`,
    "a.txt",
    "file:%2F%2F%2Fetc%2Fpasswd",
    `%2Fproc%2Fself%2Fcwd`,
    "x".repeat(8000),
  ])
    test(path.replaceAll(encoded, "…").slice(0, 60) || "no path at all", async () => {
      const answer = await askPath(`${ASSET_PATH}${path}`)
      assert.match(answer, /^HTTP\/1\.1 403 /)
      assert.match(answer, /content-length: 0\r\n/i)
      assert.ok(!answer.includes("SECRET"))
    })

  test("a path outside, the same whether it exists or not", async () => {
    const [there, missing] = await Promise.all(
      ["../secret.txt", "../nothing.txt"].map((name) => fromPage(at(name), { headers: { "sec-fetch-dest": "empty" } })),
    )
    assert.deepEqual([there?.status, there?.body], [403, ""])
    assert.deepEqual({ ...there?.headers, date: "" }, { ...missing?.headers, date: "" })
  })

  for (const [what, headers] of [
    ["a page on another port, which sends the cookie along", { "sec-fetch-site": "same-site" }],
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["an address that was typed in", { "sec-fetch-site": "none" }],
    ["what is no browser", { "sec-fetch-site": [] as string[] }],
    ["a script", { "sec-fetch-dest": "script" }],
    ["a worker", { "sec-fetch-dest": "worker" }],
    ["a shared worker", { "sec-fetch-dest": "sharedworker" }],
    ["a worklet", { "sec-fetch-dest": "audioworklet" }],
  ] as const)
    test(what, async () => {
      const answer = await fromPage(at("code.js"), { headers: headers as Record<string, string> })
      assert.deepEqual([answer.status, answer.body], [403, ""])
    })

  test("whoever has no gate cookie, before anything is looked at", async () => {
    const answer = await ask(app.port, at("a.txt"), { headers: { "sec-fetch-site": "same-origin" } })
    assert.deepEqual([answer.status, answer.body], [403, ""])
  })

  test("and says so in the audit", async () => {
    app.gate.refusals.length = 0
    await fromPage(at("../secret.txt"))
    assert.deepEqual(app.gate.refusals, ["asset outside the scope"])
  })
})

test("other methods are not known", async () => {
  for (const method of ["POST", "PUT", "DELETE"])
    assert.equal((await fromPage(at("a.txt"), { method, headers: { origin: app.server.origin } })).status, 405)
})

test("where the configuration does not enable them, there are none, and the audit says why", async () => {
  const none = await startTestServer()
  const answer = await none.ask(at("a.txt"), { headers: { "sec-fetch-site": "same-origin" } })
  assert.deepEqual([answer.status, answer.body], [404, ""])
  assert.deepEqual(none.gate.refusals, ["asset, and app.security.assetProtocol is not enabled"])
  await none.close()
})

test("a file that is swapped for a link between check and use is not followed", async () => {
  const victim = join(open, "swapped.txt")
  class Swapping extends PathScope {
    override async resolve(path: string): Promise<ResolvedPath> {
      const resolved = await super.resolve(path)
      await writeFile(`${victim}.old`, "")
      await rename(victim, `${victim}.old`)
      await symlink(join(folder, "secret.txt"), victim)
      return resolved
    }
  }
  await writeFile(victim, "mine")
  const scope = new Swapping({ allow: [`${open}/**`], deny: [] }, directories)
  const swapping = await startTestServer({ options: { assets: scope } })
  const answer = await swapping.ask(at("swapped.txt"), { headers: { "sec-fetch-site": "same-origin" } })
  assert.deepEqual([answer.status, answer.body], [404, ""])
  await swapping.close()
})
