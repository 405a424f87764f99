import { subscribe } from "node:diagnostics_channel"
import type { Socket } from "node:net"

/** Local ports of the sockets that this process opened and that are still open. */
const ports = new Set<number>()

/** `net.client.socket`: Node announces every socket that anything in this process opens, `fetch` included. */
subscribe("net.client.socket", (message) => {
  const { socket } = message as { readonly socket: Socket }
  socket.once("connect", () => {
    const { localPort } = socket
    if (localPort === undefined) return
    ports.add(localPort)
    socket.once("close", () => ports.delete(localPort))
  })
})

/**
 * Whether the other end of a loopback connection is a socket of this process: then no browser asks, but a command that
 * fetches what a page told it to.
 */
export function isOwnSocket(peerPort: number | undefined): boolean {
  return peerPort === undefined || ports.has(peerPort)
}
