import assert from "node:assert/strict"
import { once } from "node:events"
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { after, before, beforeEach, describe, test } from "node:test"
import { WebSocket, WebSocketServer } from "ws"
import { cspHash } from "./respond.ts"
import { type Answer, askRaw, BRIDGE, eventually, header, startTestServer, type TestServer } from "./server.fixture.ts"
import { handshake } from "./sockets.fixture.ts"

/** What the development server was asked, and how it answers. */
let asked: IncomingMessage[] = []
let reply: RequestListener

let devServer: Server
let sockets: WebSocketServer
let devUrl: string
let app: TestServer

before(async () => {
  devServer = createServer((request, response) => {
    asked.push(request)
    reply(request, response)
  })
  sockets = new WebSocketServer({ server: devServer })
  sockets.on("connection", (socket, request) => {
    asked.push(request)
    socket.on("message", (data) => socket.send(`echo ${data}`))
  })
  await new Promise<void>((resolve) => devServer.listen(0, "127.0.0.1", resolve))
  devUrl = `http://127.0.0.1:${(devServer.address() as AddressInfo).port}`
  app = await startTestServer({ config: { devUrl: `${devUrl}/start/` }, options: { dev: true } })
})
beforeEach(() => {
  asked = []
  reply = (_request, response) => response.setHeader("content-type", "text/html").end("<head><title>Dev</title>")
})
after(async () => {
  await app.close()
  devServer.closeAllConnections()
  devServer.close()
})

test("a document comes from the development server, with the bridge in it", async () => {
  const answer = await app.navigate("/page?a=1")
  assert.equal(answer.status, 200)
  assert.match(answer.body, /^<head><script .*<\/script><title>Dev/s)
  assert.ok(answer.body.includes(BRIDGE))
  assert.equal(asked[0]?.url, "/page?a=1")
  assert.equal(asked[0]?.headers.host, new URL(devUrl).host)
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
  await app.navigate("/", { headers })
  await app.ask("/script.js", { headers })
  for (const name of Object.keys(headers)) {
    assert.equal(asked[0]?.headers[name], undefined, name)
    assert.notEqual(asked[1]?.headers[name], undefined, name)
  }
})

test("a document goes out without the validators of the page it was", async () => {
  reply = (_request, response) =>
    response
      .writeHead(200, {
        "content-type": "text/html; charset=windows-1252",
        etag: '"x"',
        "last-modified": "Mon, 23 Nov 2026 00:00:00 GMT",
        "cache-control": "max-age=9999",
        "x-own": "1",
      })
      .end(Buffer.from("<p>\xe9", "latin1"))
  for (const answer of [await app.navigate("/"), await app.ask("/", { headers: { "sec-fetch-dest": "iframe" } })]) {
    assert.equal(answer.headers.etag, undefined)
    assert.equal(answer.headers["last-modified"], undefined)
    assert.equal(header(answer, "cache-control"), "no-store")
    assert.equal(header(answer, "content-type"), "text/html; charset=windows-1252")
    assert.equal(header(answer, "x-own"), "1")
    assert.ok(answer.body.endsWith("<p>\xe9"))
  }
})

test("inline scripts run by their hashes, in documents and in frames", async () => {
  reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<script>mine()</script>")
  for (const answer of [await app.navigate("/"), await app.ask("/", { headers: { "sec-fetch-dest": "iframe" } })])
    assert.ok(header(answer, "content-security-policy").includes(cspHash("mine()")))
})

test("a frame's document that is compressed passes as it is", async () => {
  reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end("packed")
  const { status, body } = await app.ask("/", { headers: { "sec-fetch-dest": "iframe" } })
  assert.deepEqual([status, body], [200, "packed"])
})

test("a frame's document gets no bridge", async () => {
  const { body } = await app.ask("/", { headers: { "sec-fetch-dest": "iframe" } })
  assert.equal(body, "<head><title>Dev</title>")
})

test("never sees the gate cookie, on requests and on sockets", async () => {
  await app.navigate("/", { headers: { cookie: `a=1; ${app.cookie}` } })
  await app.navigate("/")
  const socket = new WebSocket(`ws://localhost:${app.port}/hmr`, {
    headers: { cookie: `a=1; ${app.cookie}`, origin: app.server.origin },
  })
  await new Promise((resolve) => socket.once("open", resolve))
  socket.terminate()
  assert.deepEqual(
    asked.map(({ headers }) => headers.cookie),
    ["a=1", undefined, "a=1"],
  )
})

test("its sockets work both ways", async () => {
  const socket = new WebSocket(`ws://localhost:${app.port}/hmr`, "vite-hmr", {
    headers: { cookie: app.cookie, origin: app.server.origin },
  })
  await new Promise((resolve) => socket.once("open", resolve))
  socket.send("hello")
  const [data] = await new Promise<[Buffer]>((resolve) => socket.once("message", (data) => resolve([data as Buffer])))
  assert.equal(data.toString(), "echo hello")
  assert.equal(socket.protocol, "vite-hmr")
  socket.terminate()
})

test("a policy of its own applies too, completed", async () => {
  reply = (_request, response) =>
    response
      .writeHead(200, { "content-type": "text/html", "content-security-policy": "connect-src 'none'" })
      .end("<title>x</title>")
  const policy = header(await app.navigate("/"), "content-security-policy")
  assert.ok(policy.startsWith("default-src 'self'"))
  assert.ok(policy.endsWith(`, connect-src ws://localhost:${app.port}`))
})

for (const [from, to] of [
  ["/other", "APP/other"],
  ["other?a=1#b", "APP/folder/other?a=1#b"],
  ["", "APP/folder/page"],
  ["ITSELF/other", "APP/other"],
  ["ITSELF//example.org/x", "APP//example.org/x"],
  ["ITSELF/\\\\example.org/x", "APP///example.org/x"],
  ["/.//example.org/x", "APP//example.org/x"],
  ["http://127.0.0.1@example.org/x", "http://127.0.0.1@example.org/x"],
  ["http://user:secret@HOST/x", "APP/x"],
  ["//HOST/x", "APP/x"],
  ["http://localhost:PORT/x", "APP/x"],
  ["http://[::1]:PORT//example.org/x", "APP//example.org/x"],
  ["http://tenant.localhost:PORT/x", "APP/x"],
  ["http://127.0.0.2:PORT/x", "APP/x"],
  ["/\xc3\xa9?\xc3\xa9", "APP/%C3%A9?%C3%A9"],
  ["https://HOST/x", "https://HOST/x"],
  ["http://localhost:1/x", "http://localhost:1/x"],
  ["http://localhost.example.org:PORT/x", "http://localhost.example.org:PORT/x"],
  ["//example.org/x", "http://example.org/x"],
  ["ITSELF0/other", "ITSELF0/other"],
  ["https://example.org/x", "https://example.org/x"],
] as const) {
  test(`a redirect to ${JSON.stringify(from)} goes to ${to}`, async () => {
    const { host, port } = new URL(devUrl)
    const filled = (text: string): string =>
      text.replace("ITSELF", devUrl).replace("APP", app.server.origin).replace("HOST", host).replace("PORT", port)
    reply = (_request, response) => response.writeHead(302, { location: filled(from) }).end()
    const answer = await app.navigate("/folder/page")
    assert.equal(answer.status, 302)
    assert.equal(header(answer, "location"), filled(to))
  })
}

test("a redirect is relative to the path that was asked for, which may begin with two slashes", async () => {
  reply = (_request, response) => response.writeHead(302, { location: "other" }).end()
  assert.equal(header(await app.navigate("//example.org/x"), "location"), `${app.server.origin}//example.org/other`)
})

test("one that insists on another of its names is asked by that, at the same address", async () => {
  const { port } = new URL(devUrl)
  reply = ({ headers, url }, response) => {
    if (headers.host !== `localhost:${port}`)
      response.writeHead(308, { location: `http://localhost:${port}${url}` }).end()
    else response.setHeader("content-type", "text/html").end("there")
  }
  assert.equal(header(await app.navigate("/x"), "location"), `${app.server.origin}/x`)
  assert.match((await app.navigate("/x")).body, /there/)
})

describe("what a browser may show as a document", () => {
  const XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><head/></html>'
  const asked = async (type: string | readonly string[] | undefined, dest: string, body = "<p>"): Promise<Answer> => {
    reply = (_request, response) => {
      if (type !== undefined) response.setHeader("content-type", type as string)
      response.end(body)
    }
    return app.ask("/x", { headers: { "sec-fetch-dest": dest } })
  }

  for (const type of ["text/html, text/html", "text/plain, text/html", "text/html;", "text/html; x", "TEXT/HTML"])
    test(`${type} gets the bridge at the top of a window, and the policy`, async () => {
      const answer = await asked(type, "document")
      assert.ok(answer.body.includes(BRIDGE))
      assert.match(header(answer, "content-type"), /^text\/html; charset=utf-8$/)
      assert.match(header(answer, "content-security-policy"), /script-src/)
      assert.equal((await asked(type, "iframe")).body, "<p>")
    })

  for (const type of ["application/xhtml+xml", "application/xhtml+xml, application/xhtml+xml"])
    test(`${type} gets the bridge at the top of a window, and the policy`, async () => {
      const answer = await asked(type, "document", XHTML)
      assert.match(answer.body, /^<html[^>]+><script xmlns="http:\/\/www.w3.org\/1999\/xhtml" data-sallyport=/)
      assert.ok(answer.body.includes(BRIDGE))
      assert.equal(header(answer, "content-type"), "application/xhtml+xml")
      assert.ok(header(answer, "content-security-policy").includes(cspHash(BRIDGE)))
      assert.equal(header(answer, "cache-control"), "no-store")
      for (const dest of ["iframe", "empty"]) {
        const other = await asked(type, dest, XHTML)
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
        assert.match(header(await asked(type, dest), "content-security-policy"), /script-src/)
    })

  for (const type of ["text/javascript", "application/x-javascript; charset=utf-8"])
    test(`${type}, which a worker may be made of, has no policy but the one on framing`, async () => {
      assert.equal(header(await asked(type, "worker"), "content-security-policy"), "frame-ancestors 'self'")
    })

  test("of two types in two lines one goes out", async () => {
    const answer = await asked(["text/plain", "text/html"], "document")
    assert.equal(header(answer, "content-type"), "text/plain")
  })
})

for (const encoding of ["identity", "Identity, identity", ""])
  test(`a page in the content coding "${encoding}" is not compressed`, async () => {
    reply = (_request, response) =>
      response.writeHead(200, { "content-type": "text/html", "content-encoding": encoding }).end("<p>")
    const answer = await app.navigate("/")
    assert.equal(answer.status, 200)
    assert.ok(answer.body.includes(BRIDGE))
    assert.equal(answer.headers["content-encoding"], undefined)
  })

for (const status of [204, 205, 304])
  test(`an answer ${status} gets no bridge, because it has no body`, async () => {
    reply = (_request, response) => response.writeHead(status, { "content-type": "text/html" }).end()
    const answer = await app.navigate("/")
    assert.deepEqual([answer.status, answer.body], [status, ""])
    assert.ok(["0", undefined].includes(answer.headers["content-length"]))
  })

describe("headers that are not for the app's origin", () => {
  const gate = (): string => `sallyport-${app.port}`
  /** Each with whether a page may have it. */
  const COOKIES: readonly (readonly [cookie: () => string, passes: boolean])[] = [
    [() => `${gate()}=x; Path=/`, false],
    [() => `${gate()}=; Max-Age=0`, false],
    [() => ` \t${gate()} = x`, false],
    [() => gate(), false],
    [() => `=${gate()}=x`, false],
    [() => ` = ${gate()}=x`, false],
    [() => `"${gate()}"=x`, false],
    [() => "sallyport-1=x; Domain=localhost", false],
    [() => "SALLYPORT-1=x", false],
    [() => `a=${gate()}=x`, true],
    [() => `__Host-${gate()}=x; Secure; Path=/`, true],
    [() => "sallyport=1", true],
  ]
  const UNWANTED = { "clear-site-data": '"*"', "alt-svc": 'h2=":1"', "strict-transport-security": "max-age=1" }
  const all = (): string[] => COOKIES.map(([cookie]) => cookie())
  // Space around a header is not its own.
  const expected = (): string[] => COOKIES.flatMap(([cookie, passes]) => (passes ? [cookie()] : []))

  test("a response sets no gate cookie, clears nothing and leads nowhere", async () => {
    reply = (_request, response) => response.writeHead(200, { "set-cookie": all(), ...UNWANTED }).end("x")
    const { headers } = await app.ask("/x")
    assert.deepEqual(headers["set-cookie"], expected())
    for (const name of Object.keys(UNWANTED)) assert.equal(headers[name], undefined, name)
    reply = (_request, response) => response.writeHead(200, { "set-cookie": `${gate()}=x` }).end("x")
    assert.equal((await app.ask("/x")).headers["set-cookie"], undefined)
  })

  for (const isTaken of [true, false])
    test(`nor does the answer to a socket that it ${isTaken ? "takes" : "refuses"}`, async (context) => {
      const lines = [...all().map((cookie) => ["Set-Cookie", cookie]), ...Object.entries(UNWANTED)]
      const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")
      const status = isTaken ? "101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket" : "403 Forbidden"
      const own = createServer().on("upgrade", (_request, socket) => socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n`))
      await once(own.listen(0, "127.0.0.1"), "listening")
      const config = { devUrl: `http://127.0.0.1:${(own.address() as AddressInfo).port}` }
      const other = await startTestServer({ config, options: { dev: true } })
      context.after(async () => {
        await other.close()
        own.close()
      })
      const answer = await askRaw(other.port, handshake({ path: "/hmr" }, other))
      assert.ok(answer.startsWith(`HTTP/1.1 ${isTaken ? 101 : 403} `))
      const cookies = [...answer.matchAll(/^set-cookie: (.*)\r$/gim)].map(([, cookie]) => cookie)
      assert.deepEqual(cookies, expected())
      for (const name of Object.keys(UNWANTED)) assert.ok(!answer.toLowerCase().includes(name), name)
    })
})

test("other files pass as they are, with what every response of the app has", async () => {
  reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/javascript", etag: '"x"' }).end("export {}")
  const answer = await app.ask("/main.ts")
  assert.equal(answer.body, "export {}")
  assert.equal(header(answer, "etag"), '"x"')
  assert.equal(header(answer, "cross-origin-resource-policy"), "same-origin")
})

test("a drawing, which can be a document, goes out under the page's policy", async () => {
  reply = (_request, response) =>
    response.writeHead(200, { "content-type": "image/svg+xml; charset=utf-8" }).end("<svg/>")
  assert.match(header(await app.ask("/drawing.svg"), "content-security-policy"), /script-src/)
})

test("an answer makes Node warn of nothing", async (context) => {
  const warn = context.mock.method(process, "emitWarning", () => {})
  reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/javascript" }).end("x".repeat(300_000))
  await app.ask("/main.ts")
  assert.equal(warn.mock.callCount(), 0)
})

test("takes what is posted to it", async () => {
  reply = (request, response) => request.pipe(response)
  const { body } = await app.ask("/api", { method: "POST", body: "data", headers: { origin: app.server.origin } })
  assert.equal(body, "data")
})

test("a target that looks like another server's stays with this one", async () => {
  const { status } = await app.navigate("//example.org/x")
  assert.equal(status, 200)
  assert.equal(asked[0]?.url, "//example.org/x")
})

test("a page that was compressed all the same is not garbled but explained", async () => {
  reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end("x")
  const { status, body } = await app.navigate("/")
  assert.equal(status, 502)
  assert.match(body, /compressed a page/)
})

test("an answer that breaks off ends its own response only", async () => {
  reply = (_request, response) => {
    response.writeHead(200, { "content-type": "text/html", "content-length": 100 }).write("<p>")
    setTimeout(() => response.destroy(), 20)
  }
  await assert.rejects(app.navigate("/"))
  reply = (_request, response) => response.end("fine")
  assert.equal((await app.ask("/x")).body, "fine")
})

test("one that listens on ::1 alone is found by the name localhost, for pages and sockets", async (context) => {
  const onV6 = createServer((_request, response) => response.end("on ::1"))
  new WebSocketServer({ server: onV6 }).on("connection", (socket) => socket.send("on ::1"))
  try {
    await once(onV6.listen(0, "::1"), "listening")
  } catch {
    return context.diagnostic("this machine has no IPv6")
  }
  const config = { devUrl: `http://localhost:${(onV6.address() as AddressInfo).port}` }
  const other = await startTestServer({ config, options: { dev: true } })
  assert.equal((await other.ask("/x")).body, "on ::1")
  const socket = new WebSocket(`ws://localhost:${other.port}/hmr`, {
    headers: { cookie: other.cookie, origin: other.server.origin },
  })
  const [message] = await once(socket, "message")
  assert.equal(String(message), "on ::1")
  socket.terminate()
  await other.close()
  onV6.closeAllConnections()
  onV6.close()
})

test("one that is down says so, with its address", async () => {
  const down = await startTestServer({ config: { devUrl: "http://127.0.0.1:9" }, options: { dev: true } })
  const { status, body } = await down.navigate("/")
  assert.equal(status, 502)
  assert.match(body, /development server at http:\/\/127\.0\.0\.1:9 \(build\.devUrl\) does not answer/)
  const socket = new WebSocket(`ws://localhost:${down.port}/hmr`, {
    headers: { cookie: down.cookie, origin: down.server.origin },
  })
  await new Promise((resolve) => socket.once("error", resolve))
  assert.equal((await down.navigate("/")).status, 502)
  await down.close()
})

test("closing the app ends sockets of the development server, on both sides", async () => {
  const other = await startTestServer({ config: { devUrl }, options: { dev: true } })
  const socket = new WebSocket(`ws://localhost:${other.port}/hmr`, {
    headers: { cookie: other.cookie, origin: other.server.origin },
  })
  await new Promise((resolve) => socket.once("open", resolve))
  const closed = new Promise((resolve) => socket.once("close", resolve))
  await other.close()
  await closed
  await eventually("the development server's side to be closed", () => sockets.clients.size === 0)
})
