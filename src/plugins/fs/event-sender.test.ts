import assert from "node:assert/strict"
import { test } from "node:test"
import { Channels } from "../../core/channel.ts"
import { eventually } from "../plugin.fixture.ts"
import { EventSender } from "./event-sender.ts"
import { modified, removed, together, type WatchEvent } from "./watch-event.ts"

const created = (path: string): WatchEvent => ({ type: { create: { kind: "file" } }, paths: [path], attrs: {} })

for (const [name, first, second, expected] of [
  ["made and changed: made", created("a"), modified("a"), created("a")],
  ["made and removed: nothing that anybody saw", created("a"), removed("a"), null],
  ["removed and made: changed", removed("a"), created("a"), modified("a")],
  ["changed and removed: removed", modified("a"), removed("a"), removed("a")],
  ["changed twice: changed", modified("a"), modified("a"), modified("a")],
] as const)
  test(`what is ${name}`, () => assert.deepEqual(together(first, second), expected))

/** A page that reads, or does not. */
function pageThat(reads: () => boolean): { sender: (delayMs: number | null) => EventSender; sent: WatchEvent[] } {
  const sent: WatchEvent[] = []
  const channels = new Channels({
    isOver: false,
    get bufferedBytes() {
      return reads() ? 0 : 2 ** 30
    },
    sendMessage: (_, __, message) => void sent.push(message as WatchEvent),
    endChannel: () => {},
  })
  return { sender: (delayMs) => new EventSender(channels.open(1), delayMs, "root"), sent }
}

test("for a page that does not keep up, changes are kept, each path once", async () => {
  let reads = false
  const { sender, sent } = pageThat(() => reads)
  const events = sender(null)
  for (let round = 0; round < 100; round++) events.add(modified("a"))
  assert.equal(sent.length, 1)
  reads = true
  await eventually("the rest is sent", () => sent.length === 2)
  events.add(modified("a"))
  assert.equal(sent.length, 3)
  events.end()
})

test("changes of more paths than are kept end with a word that there were more", async () => {
  const { sender, sent } = pageThat(() => true)
  const events = sender(1)
  for (let path = 0; path < 10_005; path++) events.add(created(String(path)))
  await eventually("they are sent", () => sent.length > 0)
  assert.equal(sent.length, 10_001)
  assert.deepEqual(sent.at(-1), { type: "other", paths: ["root"], attrs: { flag: "rescan" } })
  events.end()
})
