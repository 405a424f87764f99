import assert from "node:assert/strict"
import { once } from "node:events"
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { after, before, beforeEach, test } from "node:test"
import { WebSocket, WebSocketServer } from "ws"
import { cspHash } from "./respond.ts"
import { BRIDGE, eventually, header, startTestServer, type TestServer } from "./server.fixture.ts"

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
  ["/other", "/other"],
  ["other?a=1#b", "/other?a=1#b"],
  ["ITSELF/other", "/other"],
  ["ITSELF0/other", "ITSELF0/other"],
  ["https://example.org/x", "https://example.org/x"],
] as const) {
  test(`a redirect to ${from} goes to ${to}`, async () => {
    const location = from.replace("ITSELF", devUrl)
    reply = (_request, response) => response.writeHead(302, { location }).end()
    const answer = await app.navigate("/")
    assert.equal(answer.status, 302)
    assert.equal(header(answer, "location"), to.replace("ITSELF", devUrl))
  })
}

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
