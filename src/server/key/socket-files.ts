/**
 * Lists the sockets of this process.
 *
 * Promises that a socket of this process which this thread did not announce is listed as unknown, until it is closed.
 * Stops P26: a worker thread or native code from fetching the isolation document as if it were a browser (`own-sockets.ts`).
 */
import { subscribe } from "node:diagnostics_channel"
import { readdirSync, readlinkSync } from "node:fs"
import type { Server, Socket } from "node:net"

/** Open sockets that this thread's JavaScript opened, accepted or listens on. */
const known = { opened: new Set<Socket>(), accepted: new Set<Socket>(), listening: new Set<Server>() }

/** Open sockets that this thread opened. */
export const openedSockets: ReadonlySet<Socket> = known.opened

// Node announces each before it can send or receive a byte.
subscribe("net.client.socket", (message) => {
  keep(known.opened, (message as { readonly socket: Socket }).socket)
})
subscribe("net.server.socket", (message) => {
  keep(known.accepted, (message as { readonly socket: Socket }).socket)
})
subscribe("tracing:net.server.listen:asyncEnd", (message) => {
  keep(known.listening, (message as { readonly server: Server }).server)
})

function keep<T extends Socket | Server>(set: Set<T>, one: T): void {
  set.add(one)
  one.once("close", () => set.delete(one))
}

/** Inodes of standard streams and the like: sockets older than any server are not connected to one. */
const inherited = socketsBefore()

/**
 * Returns the inodes of this process's sockets that this thread's JavaScript does not know, such as those of worker threads and
 * native code. Known sockets are recognized by the numbers of their descriptors. On Linux only (proc(5)).
 *
 * @throws Error if the system does not answer because file descriptors are used up
 */
export function unknownSockets(): ReadonlySet<string> {
  const files = new Set([...known.opened, ...known.accepted, ...known.listening].map(fileOf))
  return new Set(socketsExcept(files).filter((inode) => !inherited.has(inode)))
}

/** Returns the inodes of all sockets of this process. */
export function allSockets(): ReadonlySet<string> {
  return new Set(socketsExcept(new Set()))
}

function socketsExcept(files: ReadonlySet<string>): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((file) => (files.has(file) ? [] : inodesOf(file)))
}

/** Returns the inode of a descriptor; an empty list if it is not a socket, or was closed since it was listed. */
function inodesOf(file: string): readonly string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${file}`))?.slice(1) ?? []
  } catch {
    return []
  }
}

/** Returns the number of a socket's descriptor. If Node does not say, the socket counts as unknown. */
function fileOf(socket: Socket | Server): string {
  return String((socket as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd)
}

/** Returns none if the system does not answer: then all sockets count as unknown. */
function socketsBefore(): ReadonlySet<string> {
  try {
    return allSockets()
  } catch {
    return new Set()
  }
}
