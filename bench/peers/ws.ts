import type { Note } from "../subject.ts"
import type { Peer } from "./peer.ts"

export const ws: Peer = {
  name: "ws",
  title: "bare WebSocket",
  packages: ["ws"],
  endsIn: "server",
  setUp: "a message a call, echoed as it came and found again by its number: no errors, no checks, no batches",
  lacks: ["channel_per_s"],
  serve: async (server) => {
    const { WebSocketServer } = await import("ws")
    new WebSocketServer({ server }).on("connection", (socket) =>
      socket.on("message", (data: Buffer, isBinary) =>
        isBinary ? socket.send(String(data.length)) : socket.send(data, { binary: false }),
      ),
    )
    return null
  },
  connect: async () => {
    const socket = new WebSocket(`ws://${location.host}/`)
    await new Promise((resolve, reject) => {
      socket.onopen = resolve
      socket.onerror = () => reject(new Error("the socket did not open"))
    })
    const waiting = new Map<number, (note: Note) => void>()
    let lengthCame = (_: number): void => {}
    socket.onmessage = ({ data }) => {
      const value = JSON.parse(data) as number | (Note & { readonly id: number })
      if (typeof value === "number") return lengthCame(value)
      const { id, ...note } = value
      waiting.get(id)?.(note)
      waiting.delete(id)
    }
    let lastId = 0
    return {
      echo: (note) =>
        new Promise((resolve) => {
          const id = ++lastId
          waiting.set(id, resolve)
          socket.send(JSON.stringify({ ...note, id }))
        }),
      length: (bytes) =>
        new Promise((resolve) => {
          lengthCame = resolve
          socket.send(bytes as Uint8Array<ArrayBuffer>)
        }),
    }
  },
}
