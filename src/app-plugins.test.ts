import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { startPlugins } from "./app-plugins.ts"
import type { Config } from "./config/config.ts"
import { command } from "./core/command.ts"
import { type AppEvent, Events } from "./core/events.ts"
import type { Plugin, PluginHost } from "./core/plugin.ts"
import { TestPage } from "./plugins/page.fixture.ts"

const CONFIG = {
  file: "/app/tauri.conf.json",
  identifier: "org.sallyport.test",
  productName: null,
  version: null,
  plugins: { first: { option: 1 } },
} as unknown as Config

/** A plugin that notes what becomes of it. */
function plugin(name: string, notes: string[], more: Partial<Plugin> = {}): Plugin {
  return {
    name,
    setup: () => {
      notes.push(`${name} set up`)
      return { commands: { run: command(() => name) }, close: () => void notes.push(`${name} closed`) }
    },
    ...more,
  }
}

const start = (plugins: readonly Plugin[], log: (line: string) => void = assert.fail) =>
  startPlugins(plugins, CONFIG, new Events(log), log)

describe("an app's plugins", () => {
  test("are set up in order and closed in reverse; their commands have their name", async () => {
    const notes: string[] = []
    const started = await start([plugin("first", notes), plugin("second", notes)])
    await started.close()
    assert.deepEqual(notes, ["first set up", "second set up", "second closed", "first closed"])
    assert.equal(await new TestPage().call(started.commands, "plugin:second|run"), "second")
  })

  test("before one that cannot be set up are closed again", async () => {
    const notes: string[] = []
    const broken = plugin("broken", notes, {
      setup: async () => {
        throw new Error("no such database")
      },
    })
    await assert.rejects(start([plugin("first", notes), broken, plugin("never", notes)]), /^Error: no such database$/)
    assert.deepEqual(notes, ["first set up", "first closed"])
  })

  test("are all closed, even when one cannot be; that is logged", async () => {
    const [notes, logged]: [string[], string[]] = [[], []]
    const broken: Plugin = {
      name: "broken",
      setup: () => ({ commands: {}, close: () => Promise.reject(new Error("disk full")) }),
    }
    const started = await start([plugin("first", notes), broken], (line) => logged.push(line))
    await started.close()
    assert.deepEqual(notes, ["first set up", "first closed"])
    assert.deepEqual(logged, ['the plugin "broken" did not close well: disk full'])
  })

  test("learn their own configuration and the app's names, and log under theirs", async () => {
    const hosts: PluginHost[] = []
    const logged: string[] = []
    const curious = (name: string): Plugin => ({
      name,
      setup: (host) => {
        hosts.push(host)
        host.log("here")
        return { commands: {} }
      },
    })
    await start([curious("first"), curious("toString")], (line) => logged.push(line))
    assert.deepEqual(
      hosts.map(({ config, identifier, appName, version }) => [config, identifier, appName, version]),
      [
        [{ option: 1 }, "org.sallyport.test", "org.sallyport.test", "0.1.0"],
        [undefined, "org.sallyport.test", "org.sallyport.test", "0.1.0"],
      ],
    )
    assert.deepEqual(logged, ["[first] here", "[toString] here"])
  })

  test("emit, listen, and reach their listeners in pages, each its own", async () => {
    const hosts: PluginHost[] = []
    const heard: AppEvent[] = []
    const chatty = (name: string): Plugin => ({
      name,
      setup: (host) => {
        hosts.push(host)
        return { commands: {} }
      },
    })
    const { commands } = await start([chatty("a"), chatty("b")])
    const [a, b] = hosts as [PluginHost, PluginHost]
    const end = b.listen("news", (event) => heard.push(event))
    a.emit("news", 1)
    a.emitTo({ kind: "App" }, "news", 2)
    a.emitTo("main", "news", 3)
    end()
    a.emit("news", 4)
    assert.deepEqual(
      heard.map(({ payload }) => payload),
      [1, 2],
    )
    const page = new TestPage()
    await page.call(commands, "plugin:a|register_listener", { event: "x", handler: "__CHANNEL__:1" })
    await page.call(commands, "plugin:b|register_listener", { event: "x", handler: "__CHANNEL__:2" })
    b.trigger("x", "from b")
    assert.deepEqual(page.messages, [[2, 0, "from b"]])
    assert.throws(() => a.emit("no name", 1), /Event name must include/)
  })

  test("that take listeners in their own way keep it", async () => {
    const own: Plugin = {
      name: "own",
      setup: () => ({ commands: { register_listener: command(() => "its own") } }),
    }
    const { commands } = await start([own])
    assert.deepEqual(Object.keys(commands), ["plugin:own|register_listener"])
    assert.equal(await new TestPage().call(commands, "plugin:own|register_listener"), "its own")
  })
})
