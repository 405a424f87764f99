import type { Socket } from "node:net"
import { allSockets, openedSockets, unknownSockets } from "./socket-files.ts"
import { readInodes, type SocketEnd, socketEnd } from "./socket-tables.ts"

/** The two ports of a connection, as the server's side of it has them. */
export type Ports = Pick<Socket, "localPort" | "remotePort">

/** The same with the addresses. */
export type Peer = Ports & Pick<Socket, "localAddress" | "remoteAddress">

/**
 * Whether the other end of a loopback connection is a socket of this thread: then no browser asks, but a command that
 * fetches what a page told it to. Both ports are compared: the system gives one local port to connections to many places.
 */
export function isOwnSocket(peer: Ports): boolean {
  for (const { localPort, remotePort } of openedSockets)
    if (localPort === peer.remotePort && remotePort === peer.localPort) return true
  return false
}

/**
 * The same for all of this process, worker threads and native code included; on Linux only: elsewhere Node has no way to
 * ask for them. What the system says is newer than the question. A process whose sockets are all known to this thread is told from
 * its own files alone. Otherwise the system's tables are read, which takes long: without holding up the Core, and once for all who
 * ask meanwhile.
 *
 * @throws Error where the system does not say, for want of file descriptors: then nobody can tell
 */
export async function isOwnFile(peer: Peer): Promise<boolean> {
  if (process.platform !== "linux") return false
  // The ports may be its own, and the addresses another connection's.
  if (!isOwnSocket(peer) && unknownSockets().size === 0) return false
  const { localAddress, localPort, remoteAddress, remotePort } = peer
  // The connection is gone, and nobody gets an answer over it.
  if (localAddress === undefined || remoteAddress === undefined) return false
  const end = socketEnd([remoteAddress, remotePort ?? 0], [localAddress, localPort ?? 0])
  return (await ownEnds(end)).has(end)
}

/** A look at the system that has not begun: more may join. */
interface Look {
  readonly ends: Set<SocketEnd>
  readonly own: Promise<ReadonlySet<SocketEnd>>
}

let last: Promise<unknown> = Promise.resolve()
let next: Look | undefined

/** Which of the ends that are asked for are this process's. It begins when the look before is done: one that has begun may already be past what is asked for. */
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
