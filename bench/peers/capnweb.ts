import { newWebSocketRpcSession, RpcTarget } from "capnweb"
import type { Note } from "../subject.ts"
import type { Peer } from "./peer.ts"

export class Api extends RpcTarget {
  echo(note: Note): Note {
    return note
  }
  length(bytes: Uint8Array): number {
    return bytes.length
  }
}

export const capnweb: Peer = {
  name: "capnweb",
  title: "Cap'n Web, WebSocket",
  packages: ["capnweb", "ws"],
  endsIn: "server",
  setUp: "one WebSocket session, calls pipelined on it (README, “WebSocket client” and “HTTP server on Node.js”)",
  lacks: ["channel_per_s"],
  serve: async (server) => {
    const { WebSocketServer } = await import("ws")
    // Its README's own cast: ws has a WebSocket type of its own.
    new WebSocketServer({ server }).on("connection", (socket) =>
      newWebSocketRpcSession(socket as unknown as WebSocket, new Api()),
    )
    return null
  },
  connect: async () => {
    const api = newWebSocketRpcSession<Api>(`ws://${location.host}/`)
    return { echo: async (note) => api.echo(note), length: async (bytes) => api.length(bytes) }
  },
}
