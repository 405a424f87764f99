import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { devServerForTests } from "./dev-server.fixture.ts"
import { cspHash } from "./respond.ts"
import { type Answer, BRIDGE, header } from "./server.fixture.ts"

const dev = devServerForTests()

test("a document comes from the development server, with the bridge in it", async () => {
  const answer = await dev.app.navigate("/page?a=1")
  assert.equal(answer.status, 200)
  assert.match(answer.body, /^<head><script .*<\/script><title>Dev/s)
  assert.ok(answer.body.includes(BRIDGE))
  assert.equal(dev.asked[0]?.url, "/page?a=1")
  assert.equal(dev.asked[0]?.headers.host, new URL(dev.url).host)
  assert.equal(header(answer, "cache-control"), "no-store")
  assert.equal(header(answer, "vary"), "Sec-Fetch-Dest")
})

test("is asked for documents without conditions and compression, so that no copy without the bridge can be meant", async () => {
  const headers = {
    "if-none-match": '"x"',
    "if-modified-since": "Mon, 23 Nov 2026 00:00:00 GMT",
    "if-range": '"x"',
    range: "bytes=0-1",
    "accept-encoding": "gzip",
  }
  await dev.app.navigate("/", { headers })
  await dev.app.ask("/script.js", { headers })
  for (const name of Object.keys(headers)) {
    assert.equal(dev.asked[0]?.headers[name], undefined, name)
    assert.notEqual(dev.asked[1]?.headers[name], undefined, name)
  }
})

test("a document goes out without the validators of the page it was", async () => {
  dev.reply = (_request, response) =>
    response
      .writeHead(200, {
        "content-type": "text/html; charset=windows-1252",
        etag: '"x"',
        "last-modified": "Mon, 23 Nov 2026 00:00:00 GMT",
        "cache-control": "max-age=9999",
        "x-own": "1",
      })
      .end(Buffer.from("<p>\xe9", "latin1"))
  for (const answer of [
    await dev.app.navigate("/"),
    await dev.app.ask("/", { headers: { "sec-fetch-dest": "iframe" } }),
  ]) {
    assert.equal(answer.headers.etag, undefined)
    assert.equal(answer.headers["last-modified"], undefined)
    assert.equal(header(answer, "cache-control"), "no-store")
    assert.equal(header(answer, "content-type"), "text/html; charset=windows-1252")
    assert.equal(header(answer, "x-own"), "1")
    assert.ok(answer.body.endsWith("<p>\xe9"))
  }
})

test("inline scripts run by their hashes, in documents and in frames", async () => {
  dev.reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<script>mine()</script>")
  for (const answer of [
    await dev.app.navigate("/"),
    await dev.app.ask("/", { headers: { "sec-fetch-dest": "iframe" } }),
  ])
    assert.ok(header(answer, "content-security-policy").includes(cspHash("mine()")))
})

test("a frame's document that is compressed passes as it is", async () => {
  dev.reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end("packed")
  const { status, body } = await dev.app.ask("/", { headers: { "sec-fetch-dest": "iframe" } })
  assert.deepEqual([status, body], [200, "packed"])
})

test("a frame's document gets no bridge", async () => {
  const { body } = await dev.app.ask("/", { headers: { "sec-fetch-dest": "iframe" } })
  assert.equal(body, "<head><title>Dev</title>")
})

test("a policy of its own applies too, completed", async () => {
  dev.reply = (_request, response) =>
    response
      .writeHead(200, { "content-type": "text/html", "content-security-policy": "connect-src 'none'" })
      .end("<title>x</title>")
  const policy = header(await dev.app.navigate("/"), "content-security-policy")
  assert.ok(policy.startsWith("default-src 'self'"))
  assert.ok(policy.endsWith(`, connect-src ws://localhost:${dev.app.port}`))
})

describe("what a browser may show as a document", () => {
  const XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><head/></html>'
  const answered = async (
    type: string | readonly string[] | undefined,
    dest: string,
    body = "<p>",
  ): Promise<Answer> => {
    dev.reply = (_request, response) => {
      if (type !== undefined) response.setHeader("content-type", type as string)
      response.end(body)
    }
    return dev.app.ask("/x", { headers: { "sec-fetch-dest": dest } })
  }

  for (const type of ["text/html, text/html", "text/plain, text/html", "text/html;", "text/html; x", "TEXT/HTML"])
    test(`${type} gets the bridge at the top of a window, and the policy`, async () => {
      const answer = await answered(type, "document")
      assert.ok(answer.body.includes(BRIDGE))
      assert.match(header(answer, "content-type"), /^text\/html; charset=utf-8$/)
      assert.match(header(answer, "content-security-policy"), /script-src/)
      assert.equal((await answered(type, "iframe")).body, "<p>")
    })

  for (const type of ["application/xhtml+xml", "application/xhtml+xml, application/xhtml+xml"])
    test(`${type} gets the bridge at the top of a window, and the policy`, async () => {
      const answer = await answered(type, "document", XHTML)
      assert.match(answer.body, /^<html[^>]+><script xmlns="http:\/\/www.w3.org\/1999\/xhtml" data-sallyport=/)
      assert.ok(answer.body.includes(BRIDGE))
      assert.equal(header(answer, "content-type"), "application/xhtml+xml")
      assert.ok(header(answer, "content-security-policy").includes(cspHash(BRIDGE)))
      assert.equal(header(answer, "cache-control"), "no-store")
      for (const dest of ["iframe", "empty"]) {
        const other = await answered(type, dest, XHTML)
        assert.equal(other.body, XHTML)
        assert.match(header(other, "content-security-policy"), /script-src/)
        assert.equal(header(other, "cache-control"), "no-store")
      }
    })

  for (const type of [
    undefined,
    "",
    "foo",
    "text/html(x)",
    "text/xml",
    "application/xml",
    "text/xsl",
    "text/rdf",
    "application/rss+xml",
    "image/svg+xml, image/svg+xml",
    "multipart/x-mixed-replace; boundary=b",
    "application/pdf",
    "text/plain",
    "application/octet-stream",
    "*/*",
    "text/javascript, text/xml",
  ])
    test(`${type ?? "a response without a type"} goes out under the policy, whoever asks`, async () => {
      for (const dest of ["document", "iframe", "empty", "image"])
        assert.match(header(await answered(type, dest), "content-security-policy"), /script-src/)
    })

  for (const type of ["text/javascript", "application/x-javascript; charset=utf-8"])
    test(`${type}, which a worker may be made of, has no policy but the one on framing`, async () => {
      assert.equal(header(await answered(type, "worker"), "content-security-policy"), "frame-ancestors 'self'")
    })

  test("of two types in two lines one goes out", async () => {
    const answer = await answered(["text/plain", "text/html"], "document")
    assert.equal(header(answer, "content-type"), "text/plain")
  })
})

for (const encoding of ["identity", "Identity, identity", ""])
  test(`a page in the content coding "${encoding}" is not compressed`, async () => {
    dev.reply = (_request, response) =>
      response.writeHead(200, { "content-type": "text/html", "content-encoding": encoding }).end("<p>")
    const answer = await dev.app.navigate("/")
    assert.equal(answer.status, 200)
    assert.ok(answer.body.includes(BRIDGE))
    assert.equal(answer.headers["content-encoding"], undefined)
  })

for (const status of [204, 205, 304])
  test(`an answer ${status} gets no bridge, because it has no body`, async () => {
    dev.reply = (_request, response) => response.writeHead(status, { "content-type": "text/html" }).end()
    const answer = await dev.app.navigate("/")
    assert.deepEqual([answer.status, answer.body], [status, ""])
    assert.ok(["0", undefined].includes(answer.headers["content-length"]))
  })

test("other files pass as they are, with what every response of the app has", async () => {
  dev.reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/javascript", etag: '"x"' }).end("export {}")
  const answer = await dev.app.ask("/main.ts")
  assert.equal(answer.body, "export {}")
  assert.equal(header(answer, "etag"), '"x"')
  assert.equal(header(answer, "cross-origin-resource-policy"), "same-origin")
})

test("a drawing, which can be a document, goes out under the page's policy", async () => {
  dev.reply = (_request, response) =>
    response.writeHead(200, { "content-type": "image/svg+xml; charset=utf-8" }).end("<svg/>")
  assert.match(header(await dev.app.ask("/drawing.svg"), "content-security-policy"), /script-src/)
})

test("a page that was compressed all the same is not garbled but explained", async () => {
  dev.reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end("x")
  const { status, body } = await dev.app.navigate("/")
  assert.equal(status, 502)
  assert.match(body, /compressed a page/)
})
