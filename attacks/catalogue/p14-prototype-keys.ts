import type { Attack, Replacement } from "../attack.ts"

const PROTO_KEYS: Replacement = {
  off: "the dropping of `__proto__` keys where JSON is parsed",
  file: "boundary/wire/parse.ts",
  find: 'if (Object.hasOwn(container, "__proto__")) Reflect.deleteProperty(container, "__proto__")',
  replace: "",
}

const COMMANDS_BY_NAME: Replacement = {
  off: "the commands' own map: they are looked up in the object that the app gave",
  file: "core/dispatcher.ts",
  find: "this.#commands = new Map(Object.entries(commands).map(([name, command]) => [name, bare(command)]))",
  replace:
    "this.#commands = { get: (name: string) => (commands as any)[name], keys: () => Object.keys(commands) } as any",
}

/** A careless command puts arguments into an object of its own; it answers with what every object has then. */
const MERGED: readonly (readonly [what: string, batch: string])[] = [
  ["`__proto__` in arguments", `[[1,"merge",{"__proto__":{"polluted":"yes"}}]]`],
  ["`__proto__` deep in arguments", `[[1,"merge",{"a":{"b":{"__proto__":{"polluted":"yes"}}}}]]`],
  ["`__proto__` written with escapes", `[[1,"merge",{"__pr\\u006fto__":{"polluted":"yes"}}]]`],
]

/** P14: names that mean a prototype. */
export const prototypeKeys: readonly Attack[] = [
  ...MERGED.map(
    ([what, batch]): Attack => ({
      id: "P14",
      name: `${what}, for a command that merges them`,
      stoppedBy: "`__proto__` keys are dropped where JSON is parsed, in the sandbox and in the Core",
      defence: "core",
      control: PROTO_KEYS,
      alone: true,
      // A prototype that was changed stays so: each has a process of its own.
      victim: { commands: [what] },
      steps: ({ page }) =>
        page.evaluate<boolean>(`
          const session = await attacker.session()
          let answer = ""
          session.socket.onmessage = ({ data }) => { answer = new TextDecoder().decode(data) }
          await session.seal(${JSON.stringify(batch)})
          session.sendAll()
          await attacker.until(() => answer !== "")
          return answer.includes("yes")`),
    }),
  ),
  {
    id: "P14",
    name: "`__proto__` in an event's payload, for another window",
    stoppedBy: "`__proto__` keys are dropped where JSON is parsed, in the sandbox and in the Core",
    defence: "core",
    control: PROTO_KEYS,
    alone: true,
    steps: async ({ page, open }) => {
      const other = await open("other")
      await other.evaluate(`
        window.heard = []
        const handler = __TAURI_INTERNALS__.transformCallback(({ payload }) => heard.push(Object.keys(payload)))
        await attacker.call("plugin:event|listen", { event: "note", target: { kind: "Any" }, handler })`)
      await page.evaluate(`
        await attacker.call("plugin:event|emit", { event: "note", payload: JSON.parse('{"__proto__":{"polluted":1},"a":1}') })`)
      await other.waitFor("return heard.length > 0")
      return (await other.evaluate<string[][]>("return heard"))[0]?.includes("__proto__") ?? false
    },
  },
  {
    id: "P14",
    name: "`__proto__` in a message that comes back through a channel, and beside the channel itself",
    stoppedBy: "`__proto__` keys are dropped where JSON is parsed, in the sandbox and in the Core",
    defence: "core",
    control: PROTO_KEYS,
    alone: true,
    steps: ({ page }) =>
      page.evaluate<boolean>(`
        const heard = []
        await attacker.call("allowed")
        const id = __TAURI_INTERNALS__.transformCallback((message) => heard.push(message))
        const channel = "__CHANNEL__:" + id
        const nested = (text) => JSON.parse('{"__proto__":' + text + ',"a":{"__proto__":' + text + '}}')
        await attacker.call("stream", { channel, message: nested('{"polluted":1}'), ...nested(JSON.stringify(channel)) })
        await attacker.until(() => heard.length > 0)
        const own = (value) => Object.hasOwn(value, "__proto__")
        return heard.some(({ message }) => own(message) || own(message.a)) || "polluted" in {}`),
  },
  ...["constructor", "__proto__", "toString", "hasOwnProperty"].map(
    (name): Attack => ({
      id: "P14",
      name: `a command of the name \`${name}\``,
      stoppedBy: "commands are found in a map of their own: what every object has is none of them",
      defence: "core",
      control: COMMANDS_BY_NAME,
      steps: async ({ page }) => {
        const ended = await page.evaluate(`return attacker.call("${name}")`)
        return !JSON.stringify(ended).includes("not found")
      },
    }),
  ),
]
