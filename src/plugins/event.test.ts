import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { type AppEvent, Events } from "../core/events.ts"
import { eventPlugin } from "./event.ts"
import { commandsOf, TestPage } from "./page.fixture.ts"
import { resourcesPlugin } from "./resources.ts"

const events = new Events(assert.fail)
const commands = await commandsOf(eventPlugin(events))

describe("the event plugin", () => {
  test("listens under the callback's own id, 0 and the largest among them", async () => {
    const page = new TestPage()
    for (const handler of [0, 7, 0xffff_ffff])
      assert.equal(await page.call(commands, "plugin:event|listen", { event: "ids", handler }), handler)
    events.emit("ids", 1, { kind: "Any" })
    assert.deepEqual(page.events, [["ids", 1, [0, 7, 0xffff_ffff]]])
    for (const eventId of [0, 7, 0xffff_ffff])
      assert.equal(await page.call(commands, "plugin:event|unlisten", { event: "ids", eventId }), null)
    events.emit("ids", 2, { kind: "Any" })
    assert.equal(page.events.length, 1)
  })

  test("ends no other page's listener, whatever id it is given (P18)", async () => {
    const [one, two] = [new TestPage(), new TestPage()]
    await one.call(commands, "plugin:event|listen", { event: "own", handler: 7 })
    assert.equal(await two.call(commands, "plugin:event|unlisten", { event: "own", eventId: 7 }), null)
    events.emit("own", 1, { kind: "Any" })
    assert.equal(one.events.length, 1)
  })

  test("says who emitted, whatever the page claims, and changes no prototype (P14)", async () => {
    const heard: AppEvent[] = []
    const end = events.handle("said", { kind: "App" }, (event) => heard.push(event))
    const payload = JSON.parse(`{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } }`)
    await new TestPage("spy").call(commands, "plugin:event|emit", {
      event: "said",
      payload,
      source: "main",
      window: "main",
    })
    end()
    assert.equal(heard[0]?.source, "spy")
    assert.equal("polluted" in {}, false)
  })

  const EVENT = "Event name must include only alphanumeric characters"
  for (const [command, args, expected] of [
    ["listen", { event: "a b", handler: 1 }, `invalid args \`event\` for command \`listen\`: ${EVENT}`],
    ["listen", {}, `invalid args \`event\` for command \`listen\`: ${EVENT}`],
    ["listen", [1], `invalid args \`event\` for command \`listen\`: ${EVENT}`],
    ["listen", { event: "a" }, "invalid args `handler` for command `listen`: expected the id of a callback, a u32"],
    ["listen", { event: "a", handler: -1 }, "invalid args `handler`"],
    ["listen", { event: "a", handler: 2 ** 32 }, "invalid args `handler`"],
    ["listen", { event: "a", handler: "1" }, "invalid args `handler`"],
    [
      "listen",
      { event: "a", handler: 1, target: { kind: "Menu" } },
      "invalid args `target` for command `listen`: unknown",
    ],
    ["unlisten", { event: "a" }, "invalid args `eventId` for command `unlisten`: expected the id"],
    ["unlisten", { event: 7, eventId: 1 }, "invalid args `event` for command `unlisten`"],
    ["emit", { event: "a.b" }, `invalid args \`event\` for command \`emit\`: ${EVENT}`],
    ["emit", { event: "tauri://resize" }, "tauri://resize is the app's to emit"],
    ["emit_to", { event: "a" }, "invalid args `target` for command `emit_to`: expected an event target"],
    ["emit_to", { event: "a", target: { kind: "Window" } }, "invalid args `target` for command `emit_to`: an event"],
    ["emit_to", { event: "tauri://focus", target: "main" }, "tauri://focus is the app's to emit"],
  ] as const)
    test(`refuses ${command} ${JSON.stringify(args)}`, async () => {
      await assert.rejects(new TestPage().call(commands, `plugin:event|${command}`, args), (reason) =>
        String(reason).startsWith(expected),
      )
    })
})

describe("the resources plugin", () => {
  test("closes the page's own resource, once, and no other page's (P18)", async () => {
    const closing = await commandsOf(resourcesPlugin)
    const [page, other] = [new TestPage(), new TestPage()]
    let closed = 0
    const rid = page.resources.add({ close: () => void closed++ })
    const invalid = (reason: unknown): boolean => reason === `The resource id ${rid} is invalid.`
    await assert.rejects(other.call(closing, "plugin:resources|close", { rid }), invalid)
    assert.equal(await page.call(closing, "plugin:resources|close", { rid }), null)
    await assert.rejects(page.call(closing, "plugin:resources|close", { rid }), invalid)
    assert.equal(closed, 1)
    await assert.rejects(page.call(closing, "plugin:resources|close"), /^The resource id undefined is invalid\.$/)
  })
})
