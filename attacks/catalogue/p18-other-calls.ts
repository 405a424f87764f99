import type { Attack } from "../attack.ts"
import { ONE_SET_OF_CHANNELS } from "../weaknesses.ts"

/** A listener of the plugin `probe`, as `addPluginListener` of `@tauri-apps/api/core` has it; its channel's id. */
const LISTEN = `
  window.heard = []
  const id = __TAURI_INTERNALS__.transformCallback((message) => heard.push(message))
  await attacker.call("plugin:probe|register_listener", { event: "news", handler: "__CHANNEL__:" + id })
  return id`

/** P18: another session's calls, and what another window hears of a plugin. */
export const otherCalls: readonly Attack[] = [
  {
    id: "P18",
    name: "another window's call answered, by one of one's own with its number",
    stoppedBy: "an answer goes over the socket that its call came by",
    defence: "core",
    control: {
      off: "the socket of each session's own: an answer goes to all",
      file: "core/session.ts",
      find: "this.#outbox = new PageOutbox((frame) => this.#send(frame), limits.outgoingBytes)",
      replace: `const all: ((frame: Uint8Array) => void)[] = ((globalThis as any).all ??= [])
    all.push((frame) => this.#send(frame))
    this.#outbox = new PageOutbox((frame) => { for (const send of all) send(frame) }, limits.outgoingBytes)`,
    },
    steps: async ({ page, open }) => {
      const other = await open("other")
      await other.evaluate(`
        window.session = await attacker.session()
        window.heard = []
        session.socket.onmessage = ({ data }) => heard.push(new TextDecoder().decode(data))
        await session.seal([[77, "slow", {}]])
        session.sendAll()`)
      await page.evaluate(`
        const session = await attacker.session()
        await session.seal([[77, "window", {}]])
        session.sendAll()
        await attacker.pause(200)`)
      return other.evaluate<boolean>(`return heard.some((text) => text.includes('[77,1,"main"]'))`)
    },
  },
  {
    id: "P18",
    name: "another window's call cancelled, by the end of a session with a call of its number",
    stoppedBy: "the signal of a call is its session's",
    defence: "core",
    control: {
      off: "the signal of each session: all have one",
      file: "core/session.ts",
      find: "this.#abort ??= new AbortController()",
      replace: "this.#abort ??= (globalThis as any).abort ??= new AbortController()",
    },
    steps: async ({ page, open }) => {
      const other = await open("other")
      await other.evaluate(`
        await attacker.call("allowed")
        void attacker.call("slow").then(() => { window.isOver = true })
        await attacker.call("allowed")`)
      await page.evaluate(`
        const session = await attacker.session()
        await session.seal(Array.from({ length: 10 }, (_, id) => [id, "slow", {}]))
        session.sendAll()
        await attacker.pause(100)
        session.socket.close()
        await attacker.pause(200)`)
      return other.evaluate<boolean>(`await attacker.call("allowed"); return window.isOver === true`)
    },
  },
  {
    id: "P18",
    name: "another window's listener at a plugin, removed by its channel's number",
    stoppedBy: "a listener at a plugin is its session's",
    defence: "core",
    control: {
      off: "the listeners of each page: all have them together",
      file: "plugins/plugin-listeners.ts",
      find: "const listeners = this.#pages.get(page)\n    for",
      replace:
        "const listeners = [...this.#pages.values()].find((all) => [...all].some(({ channel }) => channel.id === channelId))\n    for",
    },
    steps: async ({ page, open }) => {
      const other = await open("other")
      const id = await other.evaluate(LISTEN)
      await page.evaluate(`
        await attacker.call("plugin:probe|remove_listener", { event: "news", channelId: ${id} })
        await attacker.call("plugin:probe|trigger", { event: "news" })`)
      return other.evaluate<boolean>(
        `return !(await attacker.until(() => heard.some(({ message }) => message === "told"), attacker.patience))`,
      )
    },
  },
  {
    id: "P18",
    name: "another window's listener at a plugin, doubled: what it hears is to come here",
    stoppedBy: "a channel's number means a callback of the session that sends it",
    defence: "core",
    control: ONE_SET_OF_CHANNELS,
    // The first session is to be this attack's.
    alone: true,
    steps: async ({ page, open }) => {
      const id = await page.evaluate(`
        window.heard = []
        await attacker.call("allowed")
        return __TAURI_INTERNALS__.transformCallback((message) => heard.push(message))`)
      const other = await open("other")
      await other.evaluate(`
        await attacker.call("plugin:probe|register_listener", { event: "private", handler: "__CHANNEL__:${id}" })
        await attacker.call("plugin:probe|trigger", { event: "private" })`)
      await page.evaluate(`await attacker.call("allowed")`)
      return page.evaluate<boolean>(`return heard.length > 0`)
    },
  },
  {
    id: "P18",
    name: "a listener at a plugin under its command's older name, which the hook does not know",
    stoppedBy: "the older name registers nothing",
    defence: "core",
    control: {
      off: "the rule that the older name registers nothing",
      file: "plugins/plugin-listeners.ts",
      find: "          this.#checkRoom(page)\n          throw",
      replace:
        "          this.#register(readListener(args), { page, signal: new AbortController().signal } as any)\n          throw",
    },
    victim: {
      hook: `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
        if (payload.cmd === "plugin:probe|register_listener") throw new Error("refused")
        return payload
      }`,
    },
    inPage: async (attacker) => {
      let heard = 0
      const { transformCallback } = (
        window as unknown as { __TAURI_INTERNALS__: { transformCallback(callback: () => void): number } }
      ).__TAURI_INTERNALS__
      const handler = `__CHANNEL__:${transformCallback(() => heard++)}`
      for (const name of ["register_listener", "registerListener", "Register_Listener", "register_listener|"])
        await attacker.call(`plugin:probe|${name}`, { event: "news", handler })
      await attacker.call("plugin:probe|trigger", { event: "news" })
      await attacker.call("allowed")
      return heard
    },
    succeeded: (heard) => heard !== 0,
  },
]
