import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { resolveLimits } from "../boundary/wire/limits.ts"
import { PART_BYTES } from "../boundary/wire/parts.ts"
import { askRaw, eventually, startTestServer, type TestServer } from "./server.fixture.ts"
import { closeOf, handshake, openRawSocket, openSocket } from "./sockets.fixture.ts"

let app: TestServer
before(async () => {
  app = await startTestServer({ options: { limits: resolveLimits({ jsonBytes: 1000, blobBytes: 100_000 }) } })
})
after(() => app.close())

test("compresses nothing, even when asked to", async () => {
  const { socket } = await openSocket(app)
  assert.equal(socket.extensions, "")
  socket.terminate()
})

test("text and bytes arrive as what they are", async () => {
  const { socket, connection } = await openSocket(app)
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

test("takes a message as large as a part of a frame, and ends a socket that sends a larger one", async () => {
  const { socket, connection } = await openSocket(app)
  const sizes: number[] = []
  connection.onMessage = (message) => sizes.push(message.length)
  socket.send("hello")
  await eventually("hello", () => sizes.length === 1)
  socket.send(new Uint8Array(PART_BYTES))
  await eventually("the largest message", () => sizes.length === 2)
  assert.equal(sizes[1], PART_BYTES)
  socket.send(new Uint8Array(PART_BYTES + 1))
  assert.deepEqual((await closeOf(socket))[0], 1009)
  assert.equal(sizes.length, 2)
})

test("a message of 4 GiB is refused where the limits allow frames as large, too", async () => {
  const other = await startTestServer({ options: { limits: resolveLimits({ blobBytes: 5 * 1024 ** 3 }) } })
  // A frame of 4 GiB begins: it is refused by its length, before its bytes come, and not for its silence a minute later.
  const frame = "\x82\xff\0\0\0\x01\0\0\0\0\0\0\0\0"
  const answer = await askRaw(other.port, handshake({}, other) + frame)
  assert.ok(answer.endsWith("\x88\x02\x03\xf1"), "closed with 1009, message too big")
  await other.close()
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
    const { socket, connection } = await openRawSocket(app)
    let heard = 0
    connection.onMessage = () => heard++
    const closed = new Promise<void>((resolve) => {
      connection.onClose = () => resolve()
    })
    socket.write(bytes, "latin1")
    await closed
    assert.equal(heard, 0)
    ;(await openSocket(app)).socket.terminate()
  })
}

test("ends a socket that sends fragments without end", async () => {
  const { socket, connection } = await openSocket(app)
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
  const { socket, connection } = await openSocket(app)
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
  const { socket, connection } = await openSocket(app)
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
    const { socket, connection } = await openSocket(app)
    const closed = closeOf(socket)
    connection.close(4005, reason)
    assert.deepEqual(await closed, [4005, expected])
  }
})

test("a page that does not answer the closing handshake is ended after a second", async (context) => {
  const { socket, connection } = await openSocket(app)
  socket.pause()
  let isClosed = false
  const closed = new Promise<void>((resolve) => {
    connection.onClose = () => {
      isClosed = true
      resolve()
    }
  })
  context.mock.timers.enable({ apis: ["setTimeout"] })
  connection.close(4005, "")
  context.mock.timers.tick(999)
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  assert.equal(isClosed, false)
  context.mock.timers.tick(1)
  await closed
  socket.terminate()
})

test("tells once that a page is gone, and takes what is sent to it then", async () => {
  const { socket, connection } = await openSocket(app)
  let closed = 0
  connection.onClose = () => closed++
  socket.terminate()
  await eventually("its end", () => closed === 1)
  connection.send("late")
  connection.close(4005, "late")
  assert.equal(closed, 1)
})

test("knows how many bytes wait for a page that does not read", async () => {
  const { socket, connection } = await openSocket(app)
  socket.pause()
  assert.equal(connection.bufferedBytes, 0)
  connection.send(new Uint8Array(32 * 1024 * 1024))
  assert.ok(connection.bufferedBytes > 16 * 1024 * 1024)
  socket.terminate()
})
