import assert from "node:assert/strict"
import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { after, before, test } from "node:test"
import { Worker } from "node:worker_threads"
import { allSockets, openedSockets, unknownSockets } from "./socket-files.ts"

const options = { skip: process.platform !== "linux" && "only Linux tells" }

let server: Server
let client: Socket
before(async () => {
  server = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1")
  await once(server, "listening")
  client = connect((server.address() as AddressInfo).port, "127.0.0.1")
  await once(server, "connection")
})
after(() => {
  client.destroy()
  server.close()
})

test("knows what this thread listens on, has accepted and has opened", options, () => {
  assert.ok(openedSockets.has(client))
  assert.ok(allSockets().size >= 3, "a server, a client, and what the server has of it")
  assert.deepEqual([...unknownSockets()], [])
})

test("forgets what is closed", options, async () => {
  const other = connect((server.address() as AddressInfo).port, "127.0.0.1")
  const [accepted] = await once(server, "connection")
  const closed = once(accepted.resume(), "close")
  other.destroy()
  await closed
  assert.ok(!openedSockets.has(other))
  assert.deepEqual([...unknownSockets()], [])
})

test("does not know a worker thread's, as long as it is open", options, async () => {
  const { port } = server.address() as AddressInfo
  const worker = new Worker(`require("node:net").connect(${port}, "127.0.0.1")`, { eval: true })
  const [accepted] = await once(server, "connection")
  const closed = once(accepted.resume(), "close")
  assert.equal(unknownSockets().size, 1)
  await worker.terminate()
  await closed
  assert.deepEqual([...unknownSockets()], [])
})

test("does not know a child process's streams, which Node does not announce", options, async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"])
  assert.equal(unknownSockets().size, 3)
  child.stdin.end()
  await once(child, "close")
  assert.deepEqual([...unknownSockets()], [])
})

test("standard streams that are sockets are nobody's way to the server", options, () => {
  const url = new URL("socket-files.ts", import.meta.url)
  const script = `import(${JSON.stringify(url)}).then(({ allSockets, unknownSockets }) => console.log(allSockets().size, unknownSockets().size))`
  // Its standard streams are sockets, because that is what Node makes of pipes.
  assert.equal(execFileSync(process.execPath, ["-e", script], { encoding: "utf8", stdio: "pipe" }), "3 0\n")
})
