/**
 * Recognizes connections of the app's own process.
 *
 * Promises that a connection is not taken for a browser's while a socket of this process is at its other end: on Linux with all
 * threads, elsewhere with this thread's sockets.
 * Stops P26: a script in the page that has a command fetch the isolation document, with headers of its choice, and return the key.
 */
import type { Socket } from "node:net"
import { allSockets, openedSockets, unknownSockets } from "./socket-files.ts"
import { readInodes, type SocketEnd, socketEnd } from "./socket-tables.ts"

/** The two ports of a connection, as the server has them. */
export type Ports = Pick<Socket, "localPort" | "remotePort">

/** The same with the addresses. */
export type Peer = Ports & Pick<Socket, "localAddress" | "remoteAddress">

/**
 * Returns true if the other end of a loopback connection is a socket of this thread. Compares both ports, because the system gives
 * one local port to connections to many places.
 */
export function isOwnSocket(peer: Ports): boolean {
  for (const { localPort, remotePort } of openedSockets)
    if (localPort === peer.remotePort && remotePort === peer.localPort) return true
  return false
}

/**
 * Returns true if the other end is a socket of this process, worker threads and native code included. On Linux only: elsewhere
 * Node has no way to ask. The result reflects a state after the request. If this thread knows all sockets of the process, only
 * `/proc/self/fd` is read. Otherwise the system's tables are read, which takes long: asynchronously, and once for all requests
 * that come meanwhile.
 *
 * @throws Error if the system does not answer because file descriptors are used up
 */
export async function isOwnFile(peer: Peer): Promise<boolean> {
  if (process.platform !== "linux") return false
  // Its ports may be those of a socket of this thread whose addresses are other ones.
  if (!isOwnSocket(peer) && unknownSockets().size === 0) return false
  const { localAddress, localPort, remoteAddress, remotePort } = peer
  // The connection is gone, and no answer goes over it.
  if (localAddress === undefined || remoteAddress === undefined) return false
  const end = socketEnd([remoteAddress, remotePort ?? 0], [localAddress, localPort ?? 0])
  return (await ownEnds(end)).has(end)
}

/** A look at the system that has not begun. More requests may join it. */
interface Look {
  readonly ends: Set<SocketEnd>
  readonly own: Promise<ReadonlySet<SocketEnd>>
}

let last: Promise<unknown> = Promise.resolve()
let next: Look | undefined

/** Returns the requested ends that are this process's. Begins when the look before is done: one that has begun may have missed this end. */
function ownEnds(end: SocketEnd): Promise<ReadonlySet<SocketEnd>> {
  if (next === undefined) {
    const ends = new Set<SocketEnd>()
    const own = last.then(() => {
      next = undefined
      return look(ends)
    })
    last = own.catch(() => {})
    next = { ends, own }
  }
  next.ends.add(end)
  return next.own
}

async function look(ends: ReadonlySet<SocketEnd>): Promise<ReadonlySet<SocketEnd>> {
  const inodes = await readInodes(ends)
  const open = allSockets()
  return new Set([...inodes].flatMap(([end, inode]) => (open.has(inode) ? end : [])))
}
