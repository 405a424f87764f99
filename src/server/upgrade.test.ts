import assert from "node:assert/strict"
import { connect, type Socket } from "node:net"
import { after, before, test } from "node:test"
import { resolveLimits } from "../boundary/wire/limits.ts"
import { IPC_PATH } from "../protocol/endpoints.ts"
import { askRaw, eventually, startTestServer, type TestServer, WINDOW } from "./server.fixture.ts"
import { closeOf, handshake, openRawSocket, openSocket } from "./sockets.fixture.ts"

let app: TestServer
before(async () => {
  app = await startTestServer({ options: { limits: resolveLimits({ jsonBytes: 1000, blobBytes: 100_000 }) } })
})
after(() => app.close())

test("lets the app's own page in", async () => {
  const { socket } = await openSocket(app)
  socket.terminate()
})

for (const [engine, agent, host] of [
  [
    "Chromium",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
    "7.localhost",
  ],
  [
    "headless Chromium",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/143.0.0.0 Safari/537.36",
    "7.localhost",
  ],
  ["Firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "7.localhost"],
  [
    "WebKitGTK",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "127.0.0.1",
  ],
  ["an unknown client", "Notes/1.0", "127.0.0.1"],
  ["a client that does not say", null, "127.0.0.1"],
] as const)
  test(`windows of ${engine} have their frames from ${host}`, async () => {
    const text = handshake({ "User-Agent": agent }, app)
    assert.match(await askRaw(app.port, `${text}\x88\x80\0\0\0\0`), /^HTTP\/1\.1 101 /)
    assert.equal(app.gate.isolationOrigins.at(-1)?.(7), `http://${host}:${app.port}`)
  })

for (const [name, change, status] of [
  ["another host", { Host: "example.org" }, 421],
  ["another port's host", { Host: "localhost:1" }, 421],
  ["the isolation origin's host", { Host: "127.0.0.1:PORT" }, 421],
  ["the host of a window's isolation origin", { Host: `${WINDOW}.localhost:PORT` }, 421],
  ["no origin", { Origin: null }, 403],
  ["another site", { Origin: "https://example.org" }, 403],
  ["a page on another local port", { Origin: "http://localhost:1" }, 403],
  ["the isolation origin", { Origin: "http://127.0.0.1:PORT" }, 403],
  ["a window's isolation origin", { Origin: `http://${WINDOW}.localhost:PORT` }, 403],
  ["an opaque origin", { Origin: "null" }, 403],
  ["the right origin in capitals", { Origin: "HTTP://LOCALHOST:PORT" }, 403],
  ["two origins", { Origin: "http://localhost:PORT\r\nOrigin: https://example.org" }, 403],
  ["the right origin twice", { Origin: "http://localhost:PORT\r\nOrigin: http://localhost:PORT" }, 403],
  ["no cookie, on another path", { Cookie: null, path: "/" }, 403],
  ["two hosts", { Host: "localhost:PORT\r\nHost: example.org" }, 421],
  ["another path", { path: "/" }, 404],
  ["a path that only decodes to the right one", { path: "/__sallyport__/%69pc" }, 404],
  ["the path and more", { path: `${IPC_PATH}/` }, 404],
  ["a target with a host of its own", { path: `http://localhost:PORT${IPC_PATH}` }, 421],
  ["nothing else", {}, 101],
  ["a query", { path: `${IPC_PATH}?a` }, 101],
] as [string, Record<string, string | null>, number][]) {
  test(`answers ${status} to a socket with ${name}`, async () => {
    const before = app.gate.connections.length
    const text = handshake(change, app)
    // The masked close frame ends a socket that was let in.
    const answer = await askRaw(app.port, status === 101 ? `${text}\x88\x80\0\0\0\0` : text)
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.equal(app.gate.connections.length - before, status === 101 ? 1 : 0)
    if (status !== 101) assert.equal(answer.split("\r\n\r\n")[1], "")
  })
}

for (const [name, cookie] of [
  ["no cookie", null],
  ["the cookie of another launch", "sallyport-PORT=x"],
] as const)
  test(`a page with ${name} is told that there is no use in trying again, and the Core never hears of it`, async () => {
    const before = app.gate.connections.length
    const refusals = app.gate.refusals.length
    // It says hello in the same breath, then answers the close.
    const hello = "\x81\x85\0\0\0\0hello"
    const answer = await askRaw(app.port, `${handshake({ Cookie: cookie }, app)}${hello}\x88\x80\0\0\0\0`)
    assert.match(answer, /^HTTP\/1\.1 101 /)
    const frame = Buffer.from(answer.slice(answer.indexOf("\r\n\r\n") + 4), "latin1")
    assert.equal(frame[0], 0x88)
    assert.equal(frame.readUInt16BE(2), 4003)
    assert.match(frame.toString("latin1", 4), /open it from the app again/)
    assert.equal(app.gate.connections.length, before)
    assert.deepEqual(app.gate.refusals.slice(refusals), ["socket without the gate cookie"])
  })

test("a socket that is turned away and keeps its half open is ended", async () => {
  const socket: Socket = connect({ port: app.port, host: "127.0.0.1", allowHalfOpen: true })
  socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
  socket.resume()
  await new Promise((resolve) => socket.once("end", resolve))
  // The server's side is gone: what is written now is answered with a reset.
  const broken = new Promise((resolve) => socket.once("error", resolve))
  const timer = setInterval(() => socket.write("x"), 10)
  await broken
  clearInterval(timer)
})

test("a hello may be 16 KiB long; what goes on without one is ended", async () => {
  const short = await openSocket(app)
  let received = 0
  short.connection.onMessage = (message) => {
    received = message.length
  }
  short.socket.send("x".repeat(16_000))
  await eventually("a long hello", () => received === 16_000)
  short.socket.terminate()

  const long = await openSocket(app)
  long.socket.on("error", () => {})
  long.socket.send("x".repeat(20_000), { fin: false })
  assert.equal((await closeOf(long.socket))[0], 1006)
})

test("a socket whose hello was refused, and that does not care, is ended before it has sent a message more", async () => {
  const { socket: rude, connection } = await openRawSocket(app)
  const sizes: number[] = []
  connection.onMessage = (message) => {
    sizes.push(message.length)
    connection.close(4001, "no hello")
  }
  const ended = new Promise((resolve) => rude.once("close", resolve))
  // Masked with zeros: "hello" as text, then 90,000 bytes, which are more than one read brings.
  rude.write(`\x81\x85\0\0\0\0hello\x82\xff\0\0\0\0\0\x01\x5f\x90\0\0\0\0${"x".repeat(90_000)}`, "latin1")
  await ended
  assert.deepEqual(sizes, [5])
})

test("a hello with a large message right behind it, in one piece, is fine", async () => {
  const { socket, connection } = await openRawSocket(app)
  const sizes: number[] = []
  let isClosed = false
  connection.onMessage = (message) => sizes.push(message.length)
  connection.onClose = () => {
    isClosed = true
  }
  // Masked with zeros: "hello" as text, then 30,000 bytes.
  socket.write(`\x81\x85\0\0\0\0hello\x82\xfe\x75\x30\0\0\0\0${"x".repeat(30_000)}`, "latin1")
  await eventually("both", () => sizes.length === 2)
  assert.deepEqual(sizes, [5, 30_000])
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(isClosed, false)
  socket.destroy()
})
