import assert from "node:assert/strict"
import { endianness } from "node:os"
import { test } from "node:test"
import { readInodes, socketEnd, type TableFile } from "./socket-tables.ts"

const skip = endianness() === "BE" && "the tables below are of a little-endian machine"
const LOOPBACK = "0100007F"
const LOOPBACK_IN_6 = "0000000000000000FFFF00000100007F"
const HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

const row = (address: string, port: number, inode: number): string =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, "0")} ${address}:0050 01 00000000:00000000 03:0000173E 00000000  1000        0 ${inode} 3 00000000b96c967c\n`
const end = (port: number): string => socketEnd(["127.0.0.1", port], ["127.0.0.1", 80])

/** What the tables hold at each reading, of which the system gives as much as is asked for, and what was read of them. */
function system(...readings: Readonly<Record<string, string | null | Error>>[]): {
  opened: string[]
  closed: string[]
  bytes: () => number
  open: (name: string) => Promise<TableFile | null>
} {
  const opened: string[] = []
  const closed: string[] = []
  let bytes = 0
  const open = async (name: string): Promise<TableFile | null> => {
    const text = readings[opened.filter((other) => other === name).length]?.[name] ?? null
    opened.push(name)
    if (text instanceof Error) throw text
    if (text === null) return null
    const table = Buffer.from(HEADER + text)
    let at = 0
    return {
      read: async (buffer, offset, length) => {
        const bytesRead = table.copy(buffer, offset, at, at + length)
        at += bytesRead
        bytes += bytesRead
        return { bytesRead }
      },
      close: async () => void closed.push(name),
    }
  }
  return { opened, closed, bytes: () => bytes, open }
}

test("an end is written as the system writes it", { skip }, () => {
  for (const [address, written] of [
    ["127.0.0.1", LOOPBACK_IN_6],
    ["::ffff:127.0.0.1", LOOPBACK_IN_6],
    ["10.1.2.250", "0000000000000000FFFF0000FA02010A"],
    ["::1", "00000000000000000000000001000000"],
    ["::", "00000000000000000000000000000000"],
    ["fe80::1:2%eth0", "000080FE000000000000000002000100"],
    ["2001:db8:1:2:3:4:5:6", "B80D0120020001000400030006000500"],
  ] as const)
    assert.equal(socketEnd([address, 255], ["::1", 8080]), `${written}:00FF 00000000000000000000000001000000:1F90`)
})

test("a table is read as far as to the row that is looked for, and the other not at all", { skip }, async () => {
  const many = Array.from({ length: 1000 }, (_, index) => row(LOOPBACK, 1000 + index, 5000 + index)).join("")
  const { opened, closed, bytes, open } = system({ tcp: many, tcp6: many })
  assert.deepEqual([...(await readInodes(new Set([end(1002)]), open))], [[end(1002), "5002"]])
  assert.deepEqual([opened, closed, bytes() < 1000], [["tcp"], ["tcp"], true])
})

test("each of many that are looked for is found, in whichever table it is", { skip }, async () => {
  const rows = (address: string, first: number): string =>
    Array.from({ length: 200 }, (_, index) => row(address, first + index, 5000 + first + index)).join("")
  const { opened, open } = system({ tcp: rows(LOOPBACK, 1000), tcp6: rows(LOOPBACK_IN_6, 2000) })
  const ports = Array.from({ length: 200 }, (_, index) => [1000 + index, 2000 + index]).flat()
  const found = await readInodes(new Set(ports.map(end)), open)
  assert.deepEqual(
    ports.map((port) => found.get(end(port))),
    ports.map((port) => String(5000 + port)),
  )
  assert.deepEqual(opened, ["tcp", "tcp6"])
})

test("what one reading lacks is looked for again: the system may have left out its row", { skip }, async () => {
  const others = row(LOOPBACK, 1, 11)
  const { opened, open } = system(
    { tcp: others, tcp6: "" },
    { tcp: others, tcp6: null },
    { tcp: others, tcp6: row(LOOPBACK_IN_6, 2, 12) },
  )
  assert.deepEqual([...(await readInodes(new Set([end(2)]), open))], [[end(2), "12"]])
  assert.deepEqual(opened, ["tcp", "tcp6", "tcp", "tcp6", "tcp", "tcp6"])
})

test("what three readings lack is not there", { skip }, async () => {
  const { opened, closed, open } = system(...Array(4).fill({ tcp: row(LOOPBACK, 1, 11), tcp6: "" }))
  assert.deepEqual([...(await readInodes(new Set([end(2)]), open))], [])
  assert.deepEqual([opened.length, closed.length], [6, 6])
})

test("a table that cannot be read is no table without the row: nobody can tell then", { skip }, async () => {
  const { open } = system({ tcp: "", tcp6: Object.assign(new Error("too many open files"), { code: "EMFILE" }) })
  await assert.rejects(readInodes(new Set([end(1)]), open), { code: "EMFILE" })
  const reading: TableFile = { read: () => Promise.reject(new Error("no memory")), close: async () => {} }
  await assert.rejects(
    readInodes(new Set([end(1)]), async () => reading),
    /no memory/,
  )
})
