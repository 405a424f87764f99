import assert from "node:assert/strict"
import { EventEmitter } from "node:events"
import { test } from "node:test"
import { setImmediate as nextTurn } from "node:timers/promises"
import type { WebSocket } from "ws"
import { WebSocketConnection } from "./websocket-connection.ts"

/** As much of a `WebSocket` as pings need. */
class QuietSocket extends EventEmitter {
  pings = 0
  isTerminated = false
  isPaused = false

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  ping(): void {
    this.pings++
  }

  terminate(): void {
    this.isTerminated = true
    this.emit("close")
  }
}

test("asks every 30 seconds whether a page is there, and ends one that never answered", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] })
  const socket = new QuietSocket()
  const connection = new WebSocketConnection(socket as unknown as WebSocket)
  const reasons: unknown[] = []
  connection.onClose = (reason) => reasons.push(reason)
  context.mock.timers.tick(30_000)
  assert.equal(socket.pings, 1)
  socket.emit("pong")
  context.mock.timers.tick(30_000)
  assert.equal(socket.pings, 2)
  assert.equal(socket.isTerminated, false)
  context.mock.timers.tick(30_000)
  await nextTurn()
  assert.equal(socket.isTerminated, true)
  assert.deepEqual(reasons, ["the page does not answer"])
  context.mock.timers.tick(90_000)
  assert.equal(socket.pings, 2)
})

test("a peer that was made to wait can still answer when the socket is closed", () => {
  const calls: string[] = []
  const socket = new EventEmitter() as unknown as WebSocket
  Object.assign(socket, {
    pause: () => calls.push("pause"),
    resume: () => calls.push("resume"),
    close: () => calls.push("close"),
  })
  const connection = new WebSocketConnection(socket)
  connection.pause()
  connection.close(1000, "")
  assert.deepEqual(calls, ["pause", "resume", "close"])
  socket.emit("close")
})

test("a page whose answer had come, and was not read yet when it was looked for, is not ended", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] })
  const socket = new QuietSocket()
  new WebSocketConnection(socket as unknown as WebSocket)
  context.mock.timers.tick(60_000)
  socket.emit("pong")
  await nextTurn()
  assert.equal(socket.isTerminated, false)
})

test("a page that the Core itself does not read is not ended for its silence", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] })
  const socket = new QuietSocket()
  const connection = new WebSocketConnection(socket as unknown as WebSocket)
  context.mock.timers.tick(30_000)
  connection.pause()
  for (let halfMinutes = 0; halfMinutes < 3; halfMinutes++) {
    context.mock.timers.tick(30_000)
    await nextTurn()
  }
  assert.equal(socket.isTerminated, false)
  connection.resume()
  context.mock.timers.tick(30_000)
  await nextTurn()
  assert.equal(socket.isTerminated, true)
})

test("a Core that has slept asks again before it ends anybody", async (context) => {
  let now = 0
  context.mock.method(performance, "now", () => now)
  context.mock.timers.enable({ apis: ["setInterval"] })
  const socket = new QuietSocket()
  new WebSocketConnection(socket as unknown as WebSocket)
  const pass = async (ms: number): Promise<void> => {
    now += ms
    context.mock.timers.tick(30_000)
    await nextTurn()
  }
  await pass(30_000)
  await pass(60_000)
  assert.deepEqual([socket.pings, socket.isTerminated], [2, false])
  await pass(30_000)
  assert.equal(socket.isTerminated, true)
})
