import assert from "node:assert/strict"
import { command, type Plugin } from "sallyport"
import { eventually, type TestAppOptions } from "../../e2e/fixture.ts"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"
import { channelCases, channelCommands } from "./core-channel.ts"
import { invokeCases, invokeCommands } from "./core-invoke.ts"
import { LEAVING } from "./every-browser.ts"

/** A resource of a command's, and whether it has been closed. */
const closed: number[] = []

let triggerDemo: (event: string, payload: unknown) => void = () => {}

/** A plugin as the API's functions for plugins need one. */
const demo: Plugin = {
  name: "demo",
  setup: ({ trigger }) => {
    triggerDemo = trigger
    return {
      commands: {
        check_permissions: command(() => ({ camera: "prompt" })),
        request_permissions: command(() => ({ camera: "granted" })),
      },
    }
  },
}

export const coreApp: Partial<TestAppOptions> = {
  commands: {
    ...invokeCommands,
    ...channelCommands,
    open_resource: command((_args, { resources }) => {
      const rid = resources.add({ close: () => void closed.push(rid) })
      return rid
    }),
  },
  options: { plugins: [demo] },
}

export const coreCases: readonly Case[] = [
  {
    shows: "core.isTauri",
    name: "says true",
    leavesPage: true,
    async run({ page }) {
      assert.equal(await page.evaluate("return tauri.core.isTauri()"), true)
    },
  },
  ...invokeCases,
  ...channelCases,
  {
    shows: "core.transformCallback",
    name: "registers a function under a number of its own, which runs it; once, where that is asked for",
    async run({ page }) {
      const script = `const heard = []
        const [one, two] = [tauri.core.transformCallback((data) => heard.push(data)), tauri.core.transformCallback((data) => heard.push(data), true)]
        for (const data of [1, 2]) for (const id of [one, two]) __TAURI_INTERNALS__.runCallback(id, data)
        return { heard, numbers: [one, two].every((id) => Number.isInteger(id) && id >= 0 && id <= 0xffffffff) && one !== two }`
      assert.deepEqual(await page.evaluate(script), { heard: [1, 1, 2], numbers: true })
    },
  },
  {
    shows: ["core.Resource.constructor", "core.Resource.rid", "core.Resource.close"],
    name: "closes what the Core holds for the page, once; a second time says which id is invalid",
    async run({ page }) {
      const rid =
        await page.evaluate<number>(`const resource = new tauri.core.Resource(await tauri.core.invoke("open_resource"))
        const rid = resource.rid
        await resource.close()
        return rid`)
      assert.ok(rid > 0)
      assert.deepEqual(closed.splice(0), [rid])
      await refused(
        page,
        `new tauri.core.Resource(${rid}).close()`,
        new RegExp(`^The resource id ${rid} is invalid\\.$`),
      )
      await refused(page, `new tauri.core.Resource("x").close()`, /^The resource id "x" is invalid\.$/)
      assert.deepEqual(closed, [])
    },
  },
  {
    shows: "core.Resource.[Symbol.asyncDispose]",
    name: "closes the resource",
    async run({ page }) {
      const rid =
        await page.evaluate<number>(`const resource = new tauri.core.Resource(await tauri.core.invoke("open_resource"))
        await resource[Symbol.asyncDispose]()
        return resource.rid`)
      assert.deepEqual(closed.splice(0), [rid])
    },
  },
  {
    shows: "core.Resource.close",
    name: "is not needed when the page goes: the Core closes what it held",
    everyBrowser: LEAVING,
    async run({ page }) {
      const rid = await page.evaluate<number>(`return tauri.core.invoke("open_resource")`)
      await page.reload()
      await eventually("the resource is closed", () => closed.includes(rid))
      closed.length = 0
    },
  },
  {
    shows: ["core.addPluginListener", "core.PluginListener.constructor", "core.PluginListener.unregister"],
    name: "hears a plugin's events until it is unregistered",
    async run({ page }) {
      await page.evaluate(`window.heard = []
        window.listener = await tauri.core.addPluginListener("demo", "news", (payload) => heard.push(payload))`)
      assert.deepEqual(
        await page.evaluate(`return [listener instanceof tauri.core.PluginListener, listener.plugin, listener.event]`),
        [true, "demo", "news"],
      )
      triggerDemo("news", { n: 1 })
      triggerDemo("other", { n: 2 })
      await page.waitFor("return heard.length === 1")
      await page.evaluate("return listener.unregister()")
      triggerDemo("news", { n: 3 })
      assert.deepEqual(
        await page.evaluate(`await tauri.core.invoke("echo")
          return { heard, isForgotten: !__TAURI_INTERNALS__.callbacks.has(listener.channelId) }`),
        { heard: [{ n: 1 }], isForgotten: true },
      )
      await refused(page, "listener.unregister()", /^no listener for "news" has the channel id \d+$/)
    },
  },
  {
    shows: "core.addPluginListener",
    name: "says what was wrong: a plugin that does not exist, a name that is none",
    async run({ page }) {
      await refused(page, `tauri.core.addPluginListener("nobody", "news", () => {})`, /^plugin nobody not found$/)
      await refused(
        page,
        `tauri.core.addPluginListener("demo", 7, () => {})`,
        /^invalid args `event` for command `register_listener`: expected a string/,
      )
    },
  },
  {
    shows: ["core.checkPermissions", "core.requestPermissions"],
    name: "asks a plugin that has permissions, and rejects where one has none",
    async run({ page }) {
      const script = `return [await tauri.core.checkPermissions("demo"), await tauri.core.requestPermissions("demo")]`
      assert.deepEqual(await page.evaluate(script), [{ camera: "prompt" }, { camera: "granted" }])
      await refused(page, `tauri.core.checkPermissions("event")`, /^Command check_permissions not found$/)
      await refused(page, `tauri.core.requestPermissions("nobody")`, /^plugin nobody not found$/)
    },
  },
]
