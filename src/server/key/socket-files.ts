import { subscribe } from "node:diagnostics_channel"
import { readdirSync, readlinkSync } from "node:fs"
import type { Server, Socket } from "node:net"

/** Sockets that this thread's JavaScript opened, accepted or listens on, and that are still open. */
const known = { opened: new Set<Socket>(), accepted: new Set<Socket>(), listening: new Set<Server>() }

/** The sockets that this thread opened and that are still open. */
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

/** Standard streams and the like, by their inodes: what was there before any server listened is not connected to one. */
const inherited = socketsBefore()

/**
 * The inodes of this process's sockets that this thread's JavaScript does not know, such as those of worker threads and native
 * code. Of those that it knows it has the descriptors' numbers, so that no file is looked at for them. On Linux only (proc(5)).
 *
 * @throws Error where the system does not say, for want of file descriptors
 */
export function unknownSockets(): ReadonlySet<string> {
  const files = new Set([...known.opened, ...known.accepted, ...known.listening].map(fileOf))
  return new Set(socketsExcept(files).filter((inode) => !inherited.has(inode)))
}

/** The inodes of all sockets of this process. */
export function allSockets(): ReadonlySet<string> {
  return new Set(socketsExcept(new Set()))
}

function socketsExcept(files: ReadonlySet<string>): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((file) => (files.has(file) ? [] : inodesOf(file)))
}

/** Of a descriptor: none where it is no socket, or closed since it was listed. */
function inodesOf(file: string): readonly string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${file}`))?.slice(1) ?? []
  } catch {
    return []
  }
}

/** The number of its descriptor, as Node has it. Where it does not say, the socket counts as unknown. */
function fileOf(socket: Socket | Server): string {
  return String((socket as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd)
}

/** None where the system does not say: then they count as unknown. */
function socketsBefore(): ReadonlySet<string> {
  try {
    return allSockets()
  } catch {
    return new Set()
  }
}
