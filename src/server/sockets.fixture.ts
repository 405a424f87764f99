import assert from "node:assert/strict"
import { connect, type Socket } from "node:net"
import { WebSocket } from "ws"
import type { Connection } from "../core/connection.ts"
import { IPC_PATH } from "../protocol/endpoints.ts"
import { eventually, type TestServer } from "./server.fixture.ts"

/** A request for the Core's socket as the app's own page makes it, with what is changed about it; `PORT` is the server's. */
export function handshake(change: Readonly<Record<string, string | null>>, { port, cookie }: TestServer): string {
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

/** A socket that the server let in, and what the Core has of it. */
export async function openSocket(app: TestServer): Promise<{ socket: WebSocket; connection: Connection }> {
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

/** The same on a connection that is written to byte by byte; nobody reads what the server answers. */
export async function openRawSocket(app: TestServer): Promise<{ socket: Socket; connection: Connection }> {
  const count = app.gate.connections.length
  const socket = connect(app.port, "127.0.0.1")
  socket.on("error", () => {})
  socket.resume()
  socket.write(handshake({}, app))
  await eventually("a connection", () => app.gate.connections.length > count)
  const connection = app.gate.connections[count]
  assert.ok(connection)
  return { socket, connection }
}

export const closeOf = (socket: WebSocket): Promise<[code: number, reason: string]> =>
  new Promise((resolve) => socket.once("close", (code, reason) => resolve([code, reason.toString()])))
