import { subscribe } from "node:diagnostics_channel"
import { readdirSync, readFileSync, readlinkSync } from "node:fs"
import type { Socket } from "node:net"

/** The two ports of a connection, as the server's side of it has them. */
export type Peer = Pick<Socket, "localPort" | "remotePort">

/** The sockets that this thread opened and that are still open. */
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
 *
 * Sockets of worker threads and native code are found on Linux only: elsewhere Node has no way to ask for them.
 */
export function isOwnSocket(peer: Peer): boolean {
  for (const { localPort, remotePort } of sockets)
    if (localPort === peer.remotePort && remotePort === peer.localPort) return true
  return process.platform === "linux" && isOwnFile(peer)
}

/** Asks Linux: whether the inode of the other end's socket is among the files that this process has open (proc(5)). */
function isOwnFile(peer: Peer): boolean {
  const inodes = ["tcp", "tcp6"].flatMap((family) => inodesOf(`/proc/self/net/${family}`, peer))
  if (inodes.length === 0) return false
  const wanted = inodes.map((inode) => `socket:[${inode}]`)
  return readdirSync("/proc/self/fd").some((fd) => wanted.includes(linkAt(`/proc/self/fd/${fd}`)))
}

function inodesOf(table: string, peer: Peer): string[] {
  // Ports stand behind each address, in hexadecimal.
  const [local, remote] = [peer.remotePort, peer.localPort].map((port) => `:${hex(port ?? 0)}`)
  return lines(table).flatMap((line) => {
    const [, from = "", to = "", , , , , , , inode = "0"] = line.trim().split(/\s+/)
    return from.endsWith(local ?? "") && to.endsWith(remote ?? "") && inode !== "0" ? [inode] : []
  })
}

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, "0")

/** A table is missing where the machine lacks the family, or `/proc`. */
function lines(file: string): string[] {
  try {
    return readFileSync(file, "latin1").split("\n")
  } catch {
    return []
  }
}

/** A file may be closed between the listing and the question. */
function linkAt(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ""
  }
}
