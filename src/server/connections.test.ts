import assert from "node:assert/strict"
import { PassThrough } from "node:stream"
import { test } from "node:test"
import { setImmediate as nextTurn } from "node:timers/promises"
import { Connections } from "./connections.ts"

const add = (connections: Connections, count: number): PassThrough[] =>
  Array.from({ length: count }, () => {
    const socket = new PassThrough()
    connections.add(socket)
    return socket
  })
const alive = (sockets: readonly PassThrough[]): number => sockets.filter((socket) => !socket.destroyed).length

test("lets 1,024 strangers in", () => {
  assert.equal(alive(add(new Connections(), 1024)), 1024)
})

test("the newest stranger takes the oldest's place", () => {
  const connections = new Connections()
  const sockets = add(connections, 1026)
  assert.deepEqual(
    [sockets[0], sockets[1], sockets[2]].map((socket) => socket?.destroyed),
    [true, true, false],
  )
})

test("who has shown the cookie loses its place to nobody", () => {
  const connections = new Connections()
  const [known = new PassThrough()] = add(connections, 1)
  connections.welcome(known)
  add(connections, 3000)
  assert.equal(known.destroyed, false)
})

test("a stranger that leaves makes room", async () => {
  const connections = new Connections()
  const [first, ...others] = add(connections, 1024)
  first?.destroy()
  await nextTurn()
  add(connections, 1)
  assert.equal(alive(others), 1023)
})

test("ends all, strangers or not", () => {
  const connections = new Connections()
  const sockets = add(connections, 2)
  connections.welcome(sockets[0] ?? new PassThrough())
  connections.destroy()
  assert.equal(alive(sockets), 0)
})
