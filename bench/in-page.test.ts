import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import * as inPage from "./in-page.ts"
import type { Note, Subject } from "./subject.ts"

/** Stands where the page's script puts it. */
function offer(subject: Subject): void {
  Object.assign(globalThis, { subject })
}
afterEach(() => Reflect.deleteProperty(globalThis, "subject"))

const echo = async (note: Note): Promise<Note> => note
/** Answers everything with the first call's. */
const stale = async (note: Note): Promise<Note> => ({ ...note, n: 0 })

test("rates and times of honest answers are numbers", async () => {
  offer({ echo, length: async (bytes) => bytes.length, stream: async (count) => count })
  const [p50, p99] = await inPage.serial(50, 1000)
  assert.ok(p50 > 0 && p99 >= p50)
  for (const figure of [await inPage.burst(100), await inPage.inflight(100, 8, 1000), await inPage.channel(10)])
    assert.ok(figure > 0)
  assert.ok((await inPage.raw(1000)) >= 0)
})

test("wrong answers are no figures", async () => {
  offer({ echo: stale, length: async () => 1, stream: async (count) => count - 1 })
  await assert.rejects(inPage.burst(100), /^Error: 99 of 100 answers were wrong$/)
  await assert.rejects(inPage.inflight(100, 8, 1000), /99 of 100 answers were wrong/)
  await assert.rejects(inPage.serial(100, 1000), /^Error: call 1 was answered with \{"path":"notes\/a.md","n":0\}$/)
  await assert.rejects(inPage.raw(2), /^Error: 2 bytes were answered with 1$/)
  await assert.rejects(inPage.channel(2), /^Error: 1 of 2 messages came/)
})

test("who cannot do it has no figure", async () => {
  offer({ echo })
  await assert.rejects(inPage.raw(2), /2 bytes were answered with undefined/)
})

test("there are never more calls on their way than asked for, and a slow one ends at its limit", async () => {
  let [now, most, made] = [0, 0, 0]
  offer({
    echo: async (note) => {
      made++
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 2))
      now--
      return note
    },
  })
  await inPage.inflight(40, 8, 60_000)
  assert.deepEqual([most, made], [8, 40])
  made = 0
  await inPage.inflight(1_000_000, 8, 20)
  assert.ok(made > 0 && made < 1_000_000)
  made = 0
  await inPage.serial(1_000_000, 20)
  assert.ok(made > 0 && made < 1_000_000)
})

test("the hook's time is of its calls alone", () => {
  const seen: object[] = []
  const time = inPage.hookTime(
    () => (payload) => {
      seen.push(payload)
      return payload
    },
    10,
  )
  assert.ok(time >= 0)
  // Once to warm up, once for the clock.
  assert.equal(seen.length, 20)
  assert.deepEqual(
    { ...seen[0] },
    { cmd: "echo", callback: 0, error: 1, path: "notes/a.md", n: 0, payload: { path: "notes/a.md", n: 0 } },
  )
})
