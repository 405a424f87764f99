/**
 * Finds the inode of the socket at one end of a connection, in the system's tables.
 *
 * Promises that a socket which is open from before the reading until after it is found.
 * Stops P26: a worker thread or native code from fetching the isolation document as if it were a browser (`own-sockets.ts`).
 */
import { open } from "node:fs/promises"
import { endianness } from "node:os"

/** One end of a connection as in `/proc/net/tcp6`: its own address and port, then those of the other end. */
export type SocketEnd = string

/** An address and a port, as Node has them. */
export type Place = readonly [address: string, port: number]

/** Part of `FileHandle`; tests have tables of their own. */
export interface TableFile {
  read(buffer: Buffer, offset: number, length: number, position: null): Promise<{ readonly bytesRead: number }>
  close(): Promise<void>
}

/** `tcp6` also has the IPv4 connections of sockets for both families. Most are in `tcp`. */
const TABLES = ["tcp", "tcp6"] as const

/** Prefix of IPv4 addresses in `tcp6`. The tables show memory, so it depends on the byte order of the machine. */
const MAPPED = endianness() === "LE" ? "0000000000000000FFFF0000" : "00000000000000000000FFFF"

/**
 * Number of readings after which a row does not exist. The kernel makes a table while it is read, about 4 KiB at a time, and counts
 * rows to remember its place: if a socket is closed between two pieces, it may omit another one of the same hash list. Which
 * sockets share a list depends on a secret of the kernel.
 */
const READINGS = 3

/** Bytes of the first read, and of the largest one. The kernel walks its sockets until it has that number. */
const SMALLEST_PIECE = 256
const LARGEST_PIECE = 4096

export function socketEnd(own: Place, other: Place): SocketEnd {
  return [own, other].map(([address, port]) => `${hexAddress(address)}:${hex(port, 4)}`).join(" ")
}

/**
 * Returns the inodes of sockets by the ends of their connections (proc(5)). A whole table takes 6 to 50 ms, so each is read only up
 * to the last row that is needed. Each end has one row.
 */
export async function readInodes(
  ends: ReadonlySet<SocketEnd>,
  openTable: (name: string) => Promise<TableFile | null> = openSystemTable,
): Promise<ReadonlyMap<SocketEnd, string>> {
  const inodes = new Map<SocketEnd, string>()
  for (let reading = 0; reading < READINGS; reading++)
    for (const name of TABLES) {
      if (inodes.size === ends.size) return inodes
      const table = await openTable(name)
      if (table === null) continue
      try {
        await readRows(table, ends, inodes)
      } finally {
        await table.close()
      }
    }
  return inodes
}

async function readRows(table: TableFile, ends: ReadonlySet<SocketEnd>, inodes: Map<SocketEnd, string>): Promise<void> {
  const buffer = Buffer.alloc(LARGEST_PIECE)
  let rest = ""
  for (let size = SMALLEST_PIECE; ; size = Math.min(2 * size, LARGEST_PIECE)) {
    const { bytesRead } = await table.read(buffer, 0, size, null)
    if (bytesRead === 0) return
    const lines = (rest + buffer.toString("latin1", 0, bytesRead)).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) {
      const begin = line.indexOf(": ") + 2
      const end = inFull(line.slice(begin, line.indexOf(" ", line.indexOf(" ", begin) + 1)))
      // The seventh field after the two addresses.
      if (ends.has(end)) inodes.set(end, line.slice(begin).split(/ +/)[8] ?? "")
    }
    if (inodes.size === ends.size) return
  }
}

/** Expands the addresses of `tcp`, which have eight digits. */
function inFull(end: string): SocketEnd {
  return end.charAt(8) === ":" ? end.replace(/\w+:/g, `${MAPPED}$&`) : end
}

/** Writes an address as the kernel does: each 32-bit word as a number of the machine's byte order. */
function hexAddress(address: string): string {
  const [text = ""] = address.split("%")
  const groups = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = "", b = "", c = "", d = ""] = bytes.slice(0, 4).map((byte) => hex(Number(byte), 2))
    return `${a}${b}:${c}${d}`
  })
  const isIPv4 = !text.includes(":")
  const [head = [], tail] = (isIPv4 ? `::ffff:${groups}` : groups)
    .split("::")
    .map((part) => (part === "" ? [] : part.split(":")))
  const zeros = tail === undefined ? [] : Array(8 - head.length - tail.length).fill("0")
  const bytes = Buffer.from([...head, ...zeros, ...(tail ?? [])].map((group) => group.padStart(4, "0")).join(""), "hex")
  if (endianness() === "LE") bytes.swap32()
  return bytes.toString("hex").toUpperCase()
}

function hex(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, "0")
}

/** `null` where the machine lacks the family. */
async function openSystemTable(name: string): Promise<TableFile | null> {
  try {
    return await open(`/proc/self/net/${name}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}
