import assert from "node:assert/strict"
import { once } from "node:events"
import { createServer } from "node:net"
import { test } from "node:test"
import { waitForServer } from "./wait-for-server.ts"

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, "close")
  return port
}

const never = new AbortController().signal

test("waits for a server, says so after a while, and goes on when it listens", async () => {
  const port = await freePort()
  const server = createServer()
  const said: string[] = []
  const waiting = waitForServer(`http://localhost:${port}/app`, never, (line) => {
    said.push(line)
    // Only now: what it says does not depend on how long this machine takes.
    server.listen(port, "127.0.0.1")
  })
  assert.equal(await waiting, true)
  assert.match(said[0] ?? "", new RegExp(`waiting for the development server at http://localhost:${port}/app`))
  server.close()
})

test("finds a server that listens on ::1 alone", async (context) => {
  const server = createServer().listen(0, "::1")
  try {
    await once(server, "listening")
  } catch {
    return context.diagnostic("this machine has no IPv6")
  }
  const { port } = server.address() as { port: number }
  // By its name, too, where the system's list of hosts has another address of it only.
  for (const host of ["[::1]", "localhost"])
    assert.equal(await waitForServer(`http://${host}:${port}`, AbortSignal.timeout(5000), () => {}), true, host)
  server.close()
})

test("ends when nobody waits any more", async () => {
  const ended = new AbortController()
  const waiting = waitForServer(`http://localhost:${await freePort()}`, ended.signal, () => {})
  ended.abort()
  assert.equal(await waiting, false)
})
