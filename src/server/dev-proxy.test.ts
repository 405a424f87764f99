import assert from "node:assert/strict"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, test } from "node:test"
import { WebSocket, WebSocketServer } from "ws"
import { devServerForTests } from "./dev-server.fixture.ts"
import { askRaw, eventually, header, startTestServer } from "./server.fixture.ts"
import { handshake } from "./sockets.fixture.ts"

const dev = devServerForTests()

test("never sees the gate cookie, on requests and on sockets", async () => {
  await dev.app.navigate("/", { headers: { cookie: `a=1; ${dev.app.cookie}` } })
  await dev.app.navigate("/")
  const socket = new WebSocket(`ws://localhost:${dev.app.port}/hmr`, {
    headers: { cookie: `a=1; ${dev.app.cookie}`, origin: dev.app.server.origin },
  })
  await new Promise((resolve) => socket.once("open", resolve))
  socket.terminate()
  assert.deepEqual(
    dev.asked.map(({ headers }) => headers.cookie),
    ["a=1", undefined, "a=1"],
  )
})

test("its sockets work both ways", async () => {
  const socket = new WebSocket(`ws://localhost:${dev.app.port}/hmr`, "vite-hmr", {
    headers: { cookie: dev.app.cookie, origin: dev.app.server.origin },
  })
  await new Promise((resolve) => socket.once("open", resolve))
  socket.send("hello")
  const [data] = await new Promise<[Buffer]>((resolve) => socket.once("message", (data) => resolve([data as Buffer])))
  assert.equal(data.toString(), "echo hello")
  assert.equal(socket.protocol, "vite-hmr")
  socket.terminate()
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
    const { host, port } = new URL(dev.url)
    const filled = (text: string): string =>
      text.replace("ITSELF", dev.url).replace("APP", dev.app.server.origin).replace("HOST", host).replace("PORT", port)
    dev.reply = (_request, response) => response.writeHead(302, { location: filled(from) }).end()
    const answer = await dev.app.navigate("/folder/page")
    assert.equal(answer.status, 302)
    assert.equal(header(answer, "location"), filled(to))
  })
}

test("a Refresh header leads where a redirect would, and to no address that browsers read in a way of their own", async () => {
  const { origin } = dev.app.server
  for (const [sent, expected] of [
    [`0; url=${dev.url}/other`, `0; url=${origin}/other`],
    [`0;URL='${dev.url}//example.org/x'`, `0; url=${origin}//example.org/x`],
    ["3, other", `3; url=${origin}/folder/other`],
    ["0; url=https://example.org/x", "0; url=https://example.org/x"],
    ["7", "7"],
    ["soon; url=/x", ""],
  ] as const) {
    dev.reply = (_request, response) => response.writeHead(200, { "content-type": "text/html", refresh: sent }).end("x")
    assert.equal(header(await dev.app.navigate("/folder/page"), "refresh"), expected)
  }
})

test("a redirect is relative to the path that was asked for, which may begin with two slashes", async () => {
  dev.reply = (_request, response) => response.writeHead(302, { location: "other" }).end()
  assert.equal(
    header(await dev.app.navigate("//example.org/x"), "location"),
    `${dev.app.server.origin}//example.org/other`,
  )
})

test("one that insists on another of its names is asked by that, at the same address", async () => {
  const { port } = new URL(dev.url)
  dev.reply = ({ headers, url }, response) => {
    if (headers.host !== `localhost:${port}`)
      response.writeHead(308, { location: `http://localhost:${port}${url}` }).end()
    else response.setHeader("content-type", "text/html").end("there")
  }
  assert.equal(header(await dev.app.navigate("/x"), "location"), `${dev.app.server.origin}/x`)
  assert.match((await dev.app.navigate("/x")).body, /there/)
})

describe("headers that are not for the app's origin", () => {
  const gate = (): string => `sallyport-${dev.app.port}`
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
    dev.reply = (_request, response) => response.writeHead(200, { "set-cookie": all(), ...UNWANTED }).end("x")
    const { headers } = await dev.app.ask("/x")
    assert.deepEqual(headers["set-cookie"], expected())
    for (const name of Object.keys(UNWANTED)) assert.equal(headers[name], undefined, name)
    dev.reply = (_request, response) => response.writeHead(200, { "set-cookie": `${gate()}=x` }).end("x")
    assert.equal((await dev.app.ask("/x")).headers["set-cookie"], undefined)
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

test("an answer makes Node warn of nothing", async (context) => {
  const warn = context.mock.method(process, "emitWarning", () => {})
  dev.reply = (_request, response) =>
    response.writeHead(200, { "content-type": "text/javascript" }).end("x".repeat(300_000))
  await dev.app.ask("/main.ts")
  assert.equal(warn.mock.callCount(), 0)
})

test("takes what is posted to it", async () => {
  dev.reply = (request, response) => request.pipe(response)
  const { body } = await dev.app.ask("/api", {
    method: "POST",
    body: "data",
    headers: { origin: dev.app.server.origin },
  })
  assert.equal(body, "data")
})

test("a target that looks like another server's stays with this one", async () => {
  const { status } = await dev.app.navigate("//example.org/x")
  assert.equal(status, 200)
  assert.equal(dev.asked[0]?.url, "//example.org/x")
})

test("an answer that breaks off ends its own response only", async () => {
  dev.reply = (_request, response) => {
    response.writeHead(200, { "content-type": "text/html", "content-length": 100 }).write("<p>")
    setTimeout(() => response.destroy(), 20)
  }
  await assert.rejects(dev.app.navigate("/"))
  dev.reply = (_request, response) => response.end("fine")
  assert.equal((await dev.app.ask("/x")).body, "fine")
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
  const other = await startTestServer({ config: { devUrl: dev.url }, options: { dev: true } })
  const socket = new WebSocket(`ws://localhost:${other.port}/hmr`, {
    headers: { cookie: other.cookie, origin: other.server.origin },
  })
  await new Promise((resolve) => socket.once("open", resolve))
  const closed = new Promise((resolve) => socket.once("close", resolve))
  await other.close()
  await closed
  await eventually("the development server's side to be closed", () => dev.sockets.clients.size === 0)
})
