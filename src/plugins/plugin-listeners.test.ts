import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { TestPage } from "./page.fixture.ts"
import { PluginListeners } from "./plugin-listeners.ts"

/** A plugin "p" with listeners. */
function start(): { listeners: PluginListeners; commands: PluginListeners["commands"] } {
  const listeners = new PluginListeners("p")
  const commands = Object.fromEntries(
    Object.entries(listeners.commands).map(([name, command]) => [`plugin:p|${name}`, command]),
  )
  return { listeners, commands }
}

const REGISTER = "plugin:p|register_listener"
const REMOVE = "plugin:p|remove_listener"

describe("a plugin's listeners", () => {
  test("hear the plugin's events of their name, in every page, until they are removed", async () => {
    const { listeners, commands } = start()
    const [one, two] = [new TestPage(), new TestPage("other")]
    assert.equal(await one.call(commands, REGISTER, { event: "a", handler: "__CHANNEL__:1" }), null)
    await one.call(commands, REGISTER, { event: "b", handler: "__CHANNEL__:2" })
    await two.call(commands, REGISTER, { event: "a", handler: "__CHANNEL__:1" })
    listeners.trigger("a", { n: 1 })
    listeners.trigger("nothing", 1)
    assert.deepEqual(one.messages, [[1, 0, { n: 1 }]])
    assert.deepEqual(two.messages, [[1, 0, { n: 1 }]])
    assert.equal(await one.call(commands, REMOVE, { event: "a", channelId: 1 }), null)
    listeners.trigger("a", undefined)
    listeners.trigger("b", 3)
    assert.deepEqual(one.messages, [
      [1, 0, { n: 1 }],
      [2, 0, 3],
    ])
    assert.deepEqual(one.ends, [[1, 1]])
    assert.deepEqual(two.messages.at(-1), [1, 1, null])
  })

  test("go with their session", async () => {
    const { listeners, commands } = start()
    const page = new TestPage()
    await page.call(commands, REGISTER, { event: "a", handler: "__CHANNEL__:1" })
    page.end()
    // Who is kept is asked whether it is over.
    Object.defineProperty(page, "isOver", { get: () => assert.fail("a page that is gone is kept") })
    listeners.trigger("a", 1)
    assert.deepEqual(page.messages, [])
  })

  test("of one page are not another's to remove", async () => {
    const { listeners, commands } = start()
    const [one, two] = [new TestPage(), new TestPage()]
    await one.call(commands, REGISTER, { event: "a", handler: "__CHANNEL__:1" })
    await assert.rejects(two.call(commands, REMOVE, { event: "a", channelId: 1 }), /^no listener for "a" has/)
    listeners.trigger("a", 1)
    assert.equal(one.messages.length, 1)
  })

  for (const [args, expected] of [
    [{ handler: "__CHANNEL__:1" }, /^invalid args `event` for command `register_listener`: expected a string/],
    [{ event: "a".repeat(257), handler: "__CHANNEL__:1" }, /at most 256 characters/],
    [
      { event: "a", handler: "__CHANNEL__:x" },
      /^invalid args `handler` for command `register_listener`: invalid channel value `"__CHANNEL__:x"`, expected/,
    ],
    [{ event: "a" }, /invalid channel value `undefined`/],
    [[1, 2], /`event`/],
  ] as const)
    test(`refuse ${JSON.stringify(args).slice(0, 60)} under both names`, async () => {
      const { commands } = start()
      await assert.rejects(new TestPage().call(commands, REGISTER, args), (reason) => expected.test(String(reason)))
      await assert.rejects(new TestPage().call(commands, "plugin:p|registerListener", args), (reason) =>
        expected.test(String(reason)),
      )
    })

  test("are at most 1,000 of a page; others still may", async () => {
    const { commands } = start()
    const page = new TestPage()
    for (let id = 0; id < 1000; id++) await page.call(commands, REGISTER, { event: "a", handler: `__CHANNEL__:${id}` })
    const more = { event: "a", handler: "__CHANNEL__:1000" }
    await assert.rejects(page.call(commands, REGISTER, more), /at most 1000 listeners/)
    await assert.rejects(page.call(commands, "plugin:p|registerListener", more), /at most 1000 listeners/)
    await new TestPage().call(commands, REGISTER, more)
    await page.call(commands, REMOVE, { event: "a", channelId: 0 })
    await page.call(commands, REGISTER, more)
  })

  test("are not registered under the old name, which is denied as the new one is", async () => {
    const { listeners, commands } = start()
    const page = new TestPage()
    const args = { event: "a", handler: "__CHANNEL__:1" }
    await assert.rejects(page.call(commands, "plugin:p|registerListener", args), /is no other way to it/)
    listeners.trigger("a", 1)
    assert.deepEqual(page.messages, [])
    const judged: string[] = []
    const access = {
      judge: (command: string) => {
        judged.push(command)
        return { allowed: false, message: "denied" } as const
      },
    }
    await assert.rejects(page.call(commands, "plugin:p|registerListener", args, access), /^denied$/)
    assert.deepEqual(judged, [REGISTER])
  })

  test("a payload that is no JSON is the plugin's error", async () => {
    const { listeners, commands } = start()
    const page = new TestPage()
    page.sendMessage = () => {
      throw new TypeError("the channel's message cannot be turned into JSON")
    }
    await page.call(commands, REGISTER, { event: "a", handler: "__CHANNEL__:1" })
    assert.throws(() => listeners.trigger("a", 1n), TypeError)
  })
})
