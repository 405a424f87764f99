import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { describe, type TestContext, test } from "node:test"
import { auditLogForTests, replaced } from "./audit.fixture.ts"
import { verifyAuditLog } from "./audit-chain.ts"
import type { AuditWriter } from "./audit-writer.ts"

const log = auditLogForTests()

/** A disk with room for so many bytes more, as the system has it: a write is short first, and fails then. */
let room = Number.POSITIVE_INFINITY
const DISK = {
  writeSync: (original: (...args: unknown[]) => number, handle: number, bytes: Uint8Array, offset = 0): number => {
    if (typeof bytes === "string") return original(handle, bytes)
    const fits = Math.min(bytes.length - offset, room)
    if (fits === 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" })
    room -= fits
    return original(handle, bytes, offset, fits)
  },
  ftruncateSync: (original: (handle: number, length: number) => void, handle: number, length: number): void =>
    original(handle, length),
}

interface Run {
  readonly writer: AuditWriter
  /** Writes entries that are numbered, each with so many bytes of text. */
  write(from: number, to: number, bytes?: number): Promise<void>
  /** A second passes. */
  tick(): void
}

async function run(context: TestContext, chain: boolean, act: (run: Run) => Promise<void>): Promise<void> {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  room = Number.POSITIVE_INFINITY
  await replaced(DISK, async () => {
    const writer = log.open({ chain })
    await act({
      writer,
      write: async (from, to, bytes = 80) => {
        for (let n = from; n <= to; n++) writer.append(JSON.stringify({ n, text: "x".repeat(bytes) }))
        await null
      },
      tick: () => context.mock.timers.tick(1000),
    })
    writer.close()
  })
}

type Entry = { readonly kind?: string; readonly n?: number; readonly lost?: number; readonly error?: string }
const entries = (): Entry[] => {
  const text = readFileSync(log.file, "utf8")
  assert.ok(text.endsWith("\n"))
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as Entry)
}
const numbers = (): (number | string | undefined)[] => entries().map(({ n, kind }) => n ?? kind)
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

for (const chain of [false, true])
  describe(`a disk that is full${chain ? ", under a chain" : ""}`, () => {
    const begun = chain ? ["audit-opened"] : []
    const ended = chain ? ["audit-closed"] : []
    const isIntact = async (): Promise<void> => {
      if (chain) assert.deepEqual((await verifyAuditLog([log.file])).problems, [])
    }

    test("is said once; entries wait, and are written in their order when there is room, with one about it", async (context) => {
      await run(context, chain, async ({ write, tick }) => {
        await write(1, 10)
        // In the middle of a line.
        room = 250
        await write(11, 20)
        assert.ok(readFileSync(log.file, "utf8").endsWith("\n"), "no line is half there")
        await write(21, 30)
        tick()
        tick()
        assert.match(log.said.join("\n"), /^audit: .* cannot be written: ENOSPC: .* Up to 4 MiB of entries wait/)
        assert.equal(log.said.length, 1)
        room = Number.POSITIVE_INFINITY
        await write(31, 40)
        tick()
        await write(41, 50)
      })
      assert.deepEqual(numbers(), [...begun, ...range(1, 40), "audit-resumed", ...range(41, 50), ...ended])
      const { lost, error } = entries().find(({ kind }) => kind === "audit-resumed") ?? {}
      assert.deepEqual([lost, error], [0, "ENOSPC: no space left on device, write"])
      assert.match(log.said[1] ?? "", /is written again; 0 entries are lost$/)
      await isIntact()
    })

    test("for long: what has no room to wait is counted, and the gap says how many", async (context) => {
      await run(context, chain, async ({ write, tick }) => {
        room = 0
        await write(1, 100, 100_000)
        room = Number.POSITIVE_INFINITY
        await write(101, 110)
        tick()
        await write(111, 120)
      })
      const all = numbers()
      const gap = all.indexOf("audit-resumed")
      const kept = all.slice(0, gap).filter((n) => typeof n === "number")
      assert.deepEqual(kept, range(1, kept.length))
      assert.ok(kept.length > 30 && kept.length < 60, `${kept.length} have waited`)
      assert.deepEqual(all.slice(gap + 1), [...range(111, 120), ...ended])
      assert.equal(entries()[gap]?.lost, 110 - kept.length)
      assert.match(log.said.join("\n"), new RegExp(`is written again; ${110 - kept.length} entries are lost`))
      await isIntact()
    })

    test("and full again: each time is said, and each gap has its entry", async (context) => {
      await run(context, chain, async ({ write, tick }) => {
        for (const start of [1, 11]) {
          room = 100
          await write(start, start + 9)
          room = Number.POSITIVE_INFINITY
          tick()
        }
      })
      assert.deepEqual(
        numbers().filter((n) => typeof n === "number"),
        range(1, 20),
      )
      assert.equal(numbers().filter((n) => n === "audit-resumed").length, 2)
      await isIntact()
    })

    test("until the end: how many are lost is said, and the file ends with a whole line", async (context) => {
      await run(context, chain, async ({ write }) => {
        await write(1, 5)
        room = 130
        await write(6, 10)
      })
      const kept = entries().length - begun.length
      assert.ok(kept >= 5 && kept < 10)
      assert.match(
        log.said.join("\n"),
        new RegExp(`audit: ${10 - kept} entries could not be written to .*, and are lost`),
      )
      await isIntact()
    })
  })

test("a line that can neither be finished nor cut off is cut off before the next one", async (context) => {
  let isBroken = true
  const ftruncateSync = (original: (handle: number, length: number) => void, handle: number, length: number): void => {
    if (isBroken) throw new Error("EIO: broken")
    original(handle, length)
  }
  await replaced({ ftruncateSync }, () =>
    run(context, false, async ({ write, tick }) => {
      room = 150
      await write(1, 2)
      assert.ok(!readFileSync(log.file, "utf8").endsWith("\n"))
      room = Number.POSITIVE_INFINITY
      tick()
      assert.ok(!readFileSync(log.file, "utf8").endsWith("\n"), "nothing is written behind it")
      isBroken = false
      tick()
    }),
  )
  assert.deepEqual(numbers(), [1, 2, "audit-resumed"])
})
