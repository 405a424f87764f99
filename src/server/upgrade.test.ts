import assert from "node:assert/strict"
import { connect, type Socket } from "node:net"
import { after, before, test } from "node:test"
import { WebSocket } from "ws"
import type { Connection } from "../core/connection.ts"
import { IPC_PATH } from "../protocol/endpoints.ts"
import { resolveLimits } from "../protocol/limits.ts"
import { askRaw, eventually, startTestServer, type TestServer } from "./server.fixture.ts"

let app: TestServer
before(async () => {
  app = await startTestServer({ options: { limits: resolveLimits({ jsonBytes: 1000, blobBytes: 100_000 }) } })
})
after(() => app.close())

interface Opened {
  readonly socket: WebSocket
  readonly connection: Connection
}

/** A socket that the server let in, and what the Core has of it. */
async function open(): Promise<Opened> {
  const { gate, port, cookie, server } = app
  const count = gate.connections.length
  const socket = new WebSocket(`ws://localhost:${port}${IPC_PATH}`, { headers: { cookie, origin: server.origin } })
  await new Promise((resolve, reject) => {
    socket.once("open", resolve)
    socket.once("error", reject)
  })
  const connection = gate.connections[count]
  assert.ok(connection)
  return { socket, connection }
}

/** A request for the Core's socket as the app's own page makes it, with what is changed about it; `PORT` is the server's. */
function handshake(change: Readonly<Record<string, string | null>>, { port, cookie } = app): string {
  const { path, ...headers } = {
    path: IPC_PATH,
    Host: "localhost:PORT",
    Origin: "http://localhost:PORT",
    Cookie: cookie,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    ...change,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
  return [`GET ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n").replaceAll("PORT", String(port))
}

const closeOf = (socket: WebSocket): Promise<[code: number, reason: string]> =>
  new Promise((resolve) => socket.once("close", (code, reason) => resolve([code, reason.toString()])))

test("lets the app's own page in", async () => {
  const { socket } = await open()
  socket.terminate()
})

test("names the isolation document by its origin and ticket", () => {
  assert.equal(app.gate.frameUrls[0]?.("T"), `http://127.0.0.1:${app.port}/T`)
})

for (const [name, change, status] of [
  ["another host", { Host: "example.org" }, 421],
  ["another port's host", { Host: "localhost:1" }, 421],
  ["the isolation origin's host", { Host: "127.0.0.1:PORT" }, 421],
  ["no origin", { Origin: null }, 403],
  ["another site", { Origin: "https://example.org" }, 403],
  ["a page on another local port", { Origin: "http://localhost:1" }, 403],
  ["the isolation origin", { Origin: "http://127.0.0.1:PORT" }, 403],
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
    const text = handshake(change)
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
    const answer = await askRaw(app.port, `${handshake({ Cookie: cookie })}${hello}\x88\x80\0\0\0\0`)
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

test("compresses nothing, even when asked to", async () => {
  const { socket } = await open()
  assert.equal(socket.extensions, "")
  socket.terminate()
})

test("text and bytes arrive as what they are", async () => {
  const { socket, connection } = await open()
  const messages: (string | Uint8Array)[] = []
  connection.onMessage = (message) => messages.push(message)
  socket.send("text é")
  socket.send(Uint8Array.of(1, 2, 3))
  socket.send("")
  await eventually("three messages", () => messages.length === 3)
  assert.deepEqual(messages, ["text é", Buffer.from([1, 2, 3]), ""])
  const received: (string | Buffer)[] = []
  socket.on("message", (data, isBinary) => received.push(isBinary ? (data as Buffer) : data.toString()))
  connection.send("text é")
  connection.send(Uint8Array.of(1, 2, 3))
  await eventually("two messages", () => received.length === 2)
  assert.deepEqual(received, ["text é", Buffer.from([1, 2, 3])])
  socket.terminate()
})

test("takes a message as large as the limits allow, and ends a socket that sends a larger one", async () => {
  const { socket, connection } = await open()
  const sizes: number[] = []
  connection.onMessage = (message) => sizes.push(message.length)
  socket.send("hello")
  await eventually("hello", () => sizes.length === 1)
  socket.send(new Uint8Array(101_064))
  await eventually("the largest message", () => sizes.length === 2)
  assert.equal(sizes[1], 101_064)
  socket.send(new Uint8Array(101_065))
  assert.deepEqual((await closeOf(socket))[0], 1009)
  assert.equal(sizes.length, 2)
})

test("a limit beyond what fits into 32 bits is still one", async () => {
  const other = await startTestServer({ options: { limits: resolveLimits({ blobBytes: 3 * 1024 ** 3 }) } })
  // A frame of 4 GiB begins: it is refused by its length, before its bytes come, and not for its silence a minute later.
  const frame = "\x82\xff\0\0\0\x01\0\0\0\0\0\0\0\0"
  const answer = await askRaw(other.port, handshake({}, other) + frame)
  assert.ok(answer.endsWith("\x88\x02\x03\xf1"), "closed with 1009, message too big")
  await other.close()
})

test("a hello may be 16 KiB long; what goes on without one is ended", async () => {
  const short = await open()
  let received = 0
  short.connection.onMessage = (message) => {
    received = message.length
  }
  short.socket.send("x".repeat(16_000))
  await eventually("a long hello", () => received === 16_000)
  short.socket.terminate()

  const long = await open()
  long.socket.on("error", () => {})
  long.socket.send("x".repeat(20_000), { fin: false })
  assert.equal((await closeOf(long.socket))[0], 1006)
})

test("a socket whose hello was refused, and that does not care, is ended before it has sent a message more", async () => {
  const count = app.gate.connections.length
  const rude = connect(app.port, "127.0.0.1")
  rude.on("error", () => {})
  rude.resume()
  rude.write(handshake({}))
  await eventually("a connection", () => app.gate.connections.length > count)
  const connection = app.gate.connections[count]
  assert.ok(connection)
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
  const count = app.gate.connections.length
  const socket = connect(app.port, "127.0.0.1")
  socket.on("error", () => {})
  socket.resume()
  socket.write(handshake({}))
  await eventually("a connection", () => app.gate.connections.length > count)
  const connection = app.gate.connections[count]
  assert.ok(connection)
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

for (const [name, bytes] of [
  ["invalid UTF-8", "\x81\x82\0\0\0\0\xff\xff"],
  ["a frame without a mask", "\x81\x01a"],
  ["a compressed frame", "\xc1\x81\0\0\0\0a"],
  ["an unknown opcode", "\x83\x80\0\0\0\0"],
  ["a continuation of nothing", "\x80\x80\0\0\0\0"],
  ["a control frame that is too long", `\x89\xfe\x01\x00\0\0\0\0${"a".repeat(256)}`],
  ["a length of 2^63", "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"],
  ["a close frame with half a code", "\x88\x81\0\0\0\0a"],
] as const) {
  test(`ends a socket that sends ${name}, and goes on`, async () => {
    const count = app.gate.connections.length
    const socket = connect(app.port, "127.0.0.1")
    socket.on("error", () => {})
    socket.write(handshake({}))
    socket.resume()
    await eventually("a connection", () => app.gate.connections.length > count)
    const connection = app.gate.connections[count]
    assert.ok(connection)
    let heard = 0
    connection.onMessage = () => heard++
    const closed = new Promise<void>((resolve) => {
      connection.onClose = () => resolve()
    })
    socket.write(bytes, "latin1")
    await closed
    assert.equal(heard, 0)
    ;(await open()).socket.terminate()
  })
}

test("ends a socket that sends fragments without end", async () => {
  const { socket, connection } = await open()
  let heard = 0
  connection.onMessage = () => heard++
  socket.on("error", () => {})
  socket.send("hello")
  await eventually("hello", () => heard === 1)
  for (let count = 0; count < 20_000; count++) socket.send("x", { fin: false })
  assert.equal((await closeOf(socket))[0], 1008)
  assert.equal(heard, 1)
})

test("answers a flood of pings without keeping answers for a page that does not read", async () => {
  const { socket, connection } = await open()
  let heard = 0
  connection.onMessage = () => heard++
  socket.send("hello")
  await eventually("hello", () => heard === 1)
  socket.pause()
  for (let count = 0; count < 300_000; count++) socket.ping("x".repeat(100))
  socket.send("the flood is over")
  await eventually("the flood to be over", () => heard === 2)
  assert.ok(connection.bufferedBytes < 128 * 1024, `${connection.bufferedBytes} bytes wait`)
  socket.terminate()
})

test("a ping is answered once", async () => {
  const { socket, connection } = await open()
  const answers: string[] = []
  socket.on("pong", (data) => answers.push(data.toString()))
  socket.ping("there?")
  connection.onMessage = () => connection.send("seen")
  const seen = new Promise((resolve) => socket.once("message", resolve))
  socket.send("?")
  await seen
  assert.deepEqual(answers, ["there?"])
  socket.terminate()
})

test("closes with the code and as much of the reason as fits", async () => {
  for (const [reason, expected] of [
    ["short", "short"],
    ["x".repeat(200), "x".repeat(123)],
    ["é".repeat(100), "é".repeat(61)],
    ["😀".repeat(100), "😀".repeat(30)],
  ] as const) {
    const { socket, connection } = await open()
    const closed = closeOf(socket)
    connection.close(4005, reason)
    assert.deepEqual(await closed, [4005, expected])
  }
})

test("a page that does not answer the closing handshake is ended within two seconds", async () => {
  const { socket, connection } = await open()
  socket.pause()
  const start = performance.now()
  const closed = new Promise<void>((resolve) => {
    connection.onClose = () => resolve()
  })
  connection.close(4005, "")
  await closed
  assert.ok(performance.now() - start < 2000)
  socket.terminate()
})

test("tells once that a page is gone, and takes what is sent to it then", async () => {
  const { socket, connection } = await open()
  let closed = 0
  connection.onClose = () => closed++
  socket.terminate()
  await eventually("its end", () => closed === 1)
  connection.send("late")
  connection.close(4005, "late")
  assert.equal(closed, 1)
})

test("knows how many bytes wait for a page that does not read", async () => {
  const { socket, connection } = await open()
  socket.pause()
  assert.equal(connection.bufferedBytes, 0)
  connection.send(new Uint8Array(32 * 1024 * 1024))
  assert.ok(connection.bufferedBytes > 16 * 1024 * 1024)
  socket.terminate()
})
