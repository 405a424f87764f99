import assert from "node:assert/strict"
import { EventEmitter } from "node:events"
import { test } from "node:test"
import type { WebSocket } from "ws"
import { WebSocketConnection } from "./websocket-connection.ts"

/** As much of a `WebSocket` as pings need. */
class QuietSocket extends EventEmitter {
  pings = 0
  isTerminated = false

  ping(): void {
    this.pings++
  }

  terminate(): void {
    this.isTerminated = true
    this.emit("close")
  }
}

test("asks every 30 seconds whether a page is there, and ends one that never answered", (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] })
  const socket = new QuietSocket()
  const connection = new WebSocketConnection(socket as unknown as WebSocket)
  let closed = 0
  connection.onClose = () => closed++
  context.mock.timers.tick(30_000)
  assert.equal(socket.pings, 1)
  socket.emit("pong")
  context.mock.timers.tick(30_000)
  assert.equal(socket.pings, 2)
  assert.equal(socket.isTerminated, false)
  context.mock.timers.tick(30_000)
  assert.equal(socket.isTerminated, true)
  assert.equal(closed, 1)
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
