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

test("where the system lets it have few, strangers share half of them", () => {
  assert.equal(alive(add(new Connections(10), 20)), 5)
})

test("a connection that there is no room for is closed, strangers before all others, and that is said once", async () => {
  const said: number[] = []
  const connections = new Connections(4, (room) => said.push(room))
  const welcomed = (): PassThrough => {
    const [socket = new PassThrough()] = add(connections, 1)
    connections.welcome(socket)
    return socket
  }
  const known = [welcomed(), welcomed(), welcomed()]
  const [stranger] = add(connections, 1)
  assert.equal(stranger?.destroyed, false)
  const others = add(connections, 2)
  await nextTurn()
  assert.deepEqual([alive(known), alive([stranger as PassThrough]), alive(others)], [3, 0, 1])
  assert.deepEqual(said, [4])

  for (const socket of known) socket.destroy()
  await nextTurn()
  welcomed()
  welcomed()
  add(connections, 2)
  assert.deepEqual(said, [4, 4], "and again, when there had been plenty")
})

test("ends all, strangers or not", () => {
  const connections = new Connections()
  const sockets = add(connections, 2)
  connections.welcome(sockets[0] ?? new PassThrough())
  connections.destroy()
  assert.equal(alive(sockets), 0)
})
