import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { createServer, get, type Server } from "node:http"
import { type AddressInfo, connect, Socket } from "node:net"
import { after, before, test } from "node:test"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { Worker } from "node:worker_threads"
import { eventually } from "../server.fixture.ts"
import { isOwnFile, isOwnSocket, type Peer } from "./own-sockets.ts"

setFlagsFromString("--expose-gc")

let server: Server
let port: number
/** Whether each request was found among this thread's sockets, and among this process's files. */
const own: (readonly [thread: boolean, process: boolean])[] = []
before(async () => {
  server = createServer(async ({ socket }, response) => {
    own.push([isOwnSocket(socket), await isOwnFile(socket)])
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, "::", resolve))
  port = (server.address() as AddressInfo).port
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const ON_LOOPBACK = { localAddress: "127.0.0.1", remoteAddress: "127.0.0.1" }

/** A connection of this test's, as the server has it. */
function seenByServer({ localAddress, localPort = 0, remoteAddress = "", remotePort = 0 }: Socket): Peer {
  return {
    localAddress: remoteAddress,
    localPort: remotePort,
    remoteAddress: localAddress ?? "",
    remotePort: localPort,
  }
}

const REQUEST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

for (const [name, ask] of [
  ["fetch", () => void fetch(`http://127.0.0.1:${port}`).then((response) => response.text())],
  ["http.get", () => get({ port, host: "127.0.0.1" }).on("response", (response) => response.resume())],
  ["a socket that writes before it is connected", () => connect(port, "127.0.0.1").end(REQUEST)],
  ["a socket that was made first and connected later", () => new Socket().connect(port, "127.0.0.1").end(REQUEST)],
] as [string, () => unknown][]) {
  test(`knows a request of this process: ${name}`, async () => {
    const count = own.length
    ask()
    await eventually("a request", () => own.length > count)
    assert.equal(own[count]?.[0], true)
  })
}

test("asks the system for nothing where this thread knows all sockets of the process", async () => {
  let answer: boolean | undefined
  void isOwnFile({ ...ON_LOOPBACK, localPort: port, remotePort: 1 }).then((isOwn) => {
    answer = isOwn
  })
  // A turn of microtasks, in which no file can be read but at once.
  await new Promise<void>((resolve) => queueMicrotask(resolve))
  assert.equal(answer, false)
})

for (const address of ["127.0.0.1", "::1"]) {
  const name = `knows a request of this process: a worker thread's, to ${address}`
  test(name, { skip: process.platform !== "linux" && "only Linux tells" }, async () => {
    const count = own.length
    const worker = new Worker(`require("node:http").get({ port: ${port}, host: "${address}" })`, { eval: true })
    await eventually("a request", () => own.length > count)
    assert.deepEqual(own[count], [false, true])
    await worker.terminate()
  })
}

test("knows that another process's request is none of this one's", async () => {
  const count = own.length
  execFile(process.execPath, ["-e", `fetch("http://127.0.0.1:${port}")`])
  await eventually("a request", () => own.length > count)
  assert.deepEqual(own[count], [false, false])
})

test("tells each of many that ask at once", { skip: process.platform !== "linux" && "only Linux tells" }, async () => {
  const connected = Array.from({ length: 50 }, () => connect(port, "127.0.0.1"))
  await Promise.all(connected.map((socket) => new Promise((resolve) => socket.once("connect", resolve))))
  const answers = await Promise.all(
    connected.flatMap((socket) => [
      isOwnFile(seenByServer(socket)),
      isOwnFile({ ...seenByServer(socket), localPort: port + 1 }),
    ]),
  )
  assert.deepEqual(
    answers,
    connected.flatMap(() => [true, false]),
  )
  for (const socket of connected) socket.destroy()
})

test("knows a socket that came after the system had been asked for another", async () => {
  const first = isOwnFile({ ...ON_LOOPBACK, remotePort: 1, localPort: port })
  const socket = connect(port, "127.0.0.1")
  await new Promise((resolve) => socket.once("connect", resolve))
  const second = isOwnFile(seenByServer(socket))
  assert.deepEqual([await first, await second], [false, process.platform === "linux"])
  socket.destroy()
})

test("compares addresses, too: the same two ports can be another connection's", {
  skip: process.platform !== "linux" && "only Linux tells",
}, async () => {
  const socket = connect({ port, host: "127.0.0.2", localAddress: "127.0.0.3" })
  await new Promise((resolve) => socket.once("connect", resolve))
  const peer = seenByServer(socket)
  assert.deepEqual([peer.localAddress, peer.remoteAddress], ["127.0.0.2", "127.0.0.3"])
  assert.deepEqual(
    await Promise.all([
      isOwnFile(peer),
      isOwnFile({ ...peer, ...ON_LOOPBACK }),
      isOwnFile({ ...peer, remoteAddress: "127.0.0.1" }),
    ]),
    [true, false, false],
  )
  socket.destroy()
})

test("compares both ports, for one local port can serve many connections", async () => {
  const socket = connect(port, "127.0.0.1")
  await new Promise((resolve) => socket.once("connect", resolve))
  const { localPort } = socket
  assert.equal(isOwnSocket({ remotePort: localPort, localPort: port }), true)
  assert.equal(isOwnSocket({ remotePort: localPort, localPort: port + 1 }), false)
  socket.destroy()
  await new Promise((resolve) => socket.once("close", resolve))
  assert.equal(isOwnSocket({ remotePort: localPort, localPort: port }), false)
})

test("keeps no socket that is closed", async () => {
  const collect = runInNewContext("gc")
  const closed = async (): Promise<WeakRef<Socket>> => {
    const socket = connect(port, "127.0.0.1")
    await new Promise((resolve) => socket.once("connect", resolve))
    socket.destroy()
    await new Promise((resolve) => socket.once("close", resolve))
    return new WeakRef(socket)
  }
  const reference = await closed()
  await eventually("the socket to be let go", () => {
    collect()
    return reference.deref() === undefined
  })
})
