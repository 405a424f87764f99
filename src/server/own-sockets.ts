import { subscribe } from "node:diagnostics_channel"
import { readdirSync, readlinkSync } from "node:fs"
import { readFile } from "node:fs/promises"
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
 * Whether the other end of a loopback connection is a socket of this thread: then no browser asks, but a command that
 * fetches what a page told it to. Both ports are compared: the system gives one local port to connections to many places.
 */
export function isOwnSocket(peer: Peer): boolean {
  for (const { localPort, remotePort } of sockets)
    if (localPort === peer.remotePort && remotePort === peer.localPort) return true
  return false
}

/**
 * The same for all of this process, worker threads and native code included; on Linux only: elsewhere Node has no way to
 * ask for them. What the system says is newer than the question. It takes long where there are many sockets (50 ms for
 * 3,500 of them), so it is read without holding up the Core, and once for all who ask meanwhile.
 *
 * @throws Error where the system does not say, for want of file descriptors: then nobody can tell
 */
export async function isOwnFile(peer: Peer): Promise<boolean> {
  if (process.platform !== "linux") return false
  const { tables, inodes } = await freshFiles()
  return tables.some((table) => inodesOf(table, peer).some((inode) => inodes.has(inode)))
}

/** What the system says of sockets (proc(5)): all there are, as text, and the inodes of those that this process has open. */
interface OpenFiles {
  readonly tables: readonly string[]
  readonly inodes: ReadonlySet<string>
}

let last: Promise<unknown> = Promise.resolve()
let next: Promise<OpenFiles> | undefined

/** Begins to read when the reading before is done: one that has begun may already be past what is asked for. */
function freshFiles(): Promise<OpenFiles> {
  next ??= last.then(() => {
    next = undefined
    const files = readOpenFiles()
    last = files.catch(() => {})
    return files
  })
  return next
}

async function readOpenFiles(): Promise<OpenFiles> {
  const tables = await Promise.all(["tcp", "tcp6"].map((family) => contents(`/proc/self/net/${family}`)))
  const links = readdirSync("/proc/self/fd").map((fd) => linkAt(`/proc/self/fd/${fd}`))
  return { tables, inodes: new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])) }
}

/** Ports stand behind each address, in hexadecimal; the inode is the seventh field after the two addresses. */
function inodesOf(table: string, { localPort, remotePort }: Peer): string[] {
  const [from, to] = [remotePort, localPort].map((port) => (port ?? 0).toString(16).toUpperCase().padStart(4, "0"))
  const lines = table.matchAll(new RegExp(`:${from} [0-9A-F]+:${to}(?: +\\S+){6} +(\\d+)`, "g"))
  return [...lines].map(([, inode = ""]) => inode)
}

/** A table is missing where the machine lacks the family, or `/proc`. */
async function contents(file: string): Promise<string> {
  try {
    return await readFile(file, "latin1")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return ""
    throw error
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
