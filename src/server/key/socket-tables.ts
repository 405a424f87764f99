import { open } from "node:fs/promises"
import { endianness } from "node:os"

/** One end of a connection, as `/proc/net/tcp6` writes it: its own address and port, then the other end's. */
export type SocketEnd = string

/** An address and a port, as Node has them. */
export type Place = readonly [address: string, port: number]

/** What is read of a table; the tests have their own. */
export interface TableFile {
  read(buffer: Buffer, offset: number, length: number, position: null): Promise<{ readonly bytesRead: number }>
  close(): Promise<void>
}

/** `tcp6` has an IPv4 connection, too, where its socket was opened for both families: most are in `tcp`. */
const TABLES = ["tcp", "tcp6"] as const

/** The numbers are those of the machine's memory. */
const MAPPED = endianness() === "LE" ? "0000000000000000FFFF0000" : "00000000000000000000FFFF"

/**
 * How often a row is looked for that is in no table. The kernel makes the tables while they are read, about 4 KiB a time, and remembers
 * where it was by counting: if one of the few sockets that it keeps in the same list is closed between two pieces, it leaves
 * out the next. Which share a list depends on a secret of the kernel's. A row that three readings lack is not there.
 */
const READINGS = 3

/** Bytes that are asked for at first, and at last: the kernel goes through all of its sockets until it has so many. */
const SMALLEST_PIECE = 256
const LARGEST_PIECE = 4096

export function socketEnd(own: Place, other: Place): SocketEnd {
  return [own, other].map(([address, port]) => `${hexAddress(address)}:${hex(port, 4)}`).join(" ")
}

/**
 * The inodes of sockets by what they are connected to (proc(5)). It takes 6 ms a table where the kernel has room for many sockets,
 * and 50 ms where there are many, so each is read only as far as to the last row that is looked for: there is but one for each end.
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

/** An address of `tcp` has eight digits. */
function inFull(end: string): SocketEnd {
  return end.charAt(8) === ":" ? end.replace(/\w+:/g, `${MAPPED}$&`) : end
}

/** Groups of four digits, as the kernel writes them: each word of 32 bits as a number of the machine's. */
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
