import { subscribe } from "node:diagnostics_channel"
import type { Socket } from "node:net"

/** The sockets that this process opened and that are still open. */
const sockets = new Set<Socket>()

/** Node announces every socket that anything in this thread opens, `fetch` included, before it can send a byte. */
subscribe("net.client.socket", (message) => {
  const { socket } = message as { readonly socket: Socket }
  sockets.add(socket)
  socket.once("close", () => sockets.delete(socket))
})

/**
 * Whether the other end of a loopback connection is a socket of this process: then no browser asks, but a command that
 * fetches what a page told it to. Both ports are compared: the system gives one local port to connections to many places.
 */
export function isOwnSocket(peer: Pick<Socket, "localPort" | "remotePort">): boolean {
  for (const { localPort, remotePort } of sockets)
    if (localPort === peer.remotePort && remotePort === peer.localPort) return true
  return false
}
