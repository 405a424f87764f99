import type { Attack, Replacement } from "../attack.ts"
import { CLEAR_TOO, NO_HOOK } from "../weaknesses.ts"

const KEY_IN_WELCOME: Replacement = {
  off: "the key's absence from the page: the welcome tells it",
  file: "core/core.ts",
  find: "    const welcome: Welcome = {",
  replace: "    const welcome: any = {\n      key: [...(key ?? [])],",
}

/** Patches that turn a harmless call into the forbidden one, wherever a text leaves the page's realm or is made in it. */
const REWRITES: readonly (readonly [what: string, patch: string])[] = [
  [
    "JSON.stringify",
    `const { stringify } = JSON
     JSON.stringify = (...args) => stringify(...args)?.replaceAll("allowed", "forbidden")`,
  ],
  [
    "Array.prototype.map and join",
    `const { map, join } = Array.prototype
     Array.prototype.map = function (...args) { return rewrite(map.apply(this, args)) }
     Array.prototype.join = function (...args) { return rewrite(join.apply(this, args)) }
     const rewrite = (value) => typeof value === "string" ? value.replaceAll("allowed", "forbidden") : value`,
  ],
  [
    "MessagePort.prototype.postMessage",
    `const { postMessage } = MessagePort.prototype
     MessagePort.prototype.postMessage = function (data, ...more) {
       return postMessage.call(this, typeof data === "string" ? data.replaceAll("allowed", "forbidden") : data, ...more)
     }`,
  ],
  [
    "Object.prototype and Array.prototype with setters",
    `for (const name of ["cmd", "1", "text"])
       Object.defineProperty(Object.prototype, name, {
         configurable: true, set(value) {
           const rewritten = typeof value === "string" ? value.replaceAll("allowed", "forbidden") : value
           Object.defineProperty(this, name, { value: rewritten, configurable: true, writable: true, enumerable: true })
         },
       })
     const { push } = Array.prototype
     Array.prototype.push = function (...items) {
       return push.apply(this, items.map((item) =>
         typeof item?.text === "string" ? { ...item, text: item.text.replaceAll("allowed", "forbidden") } : item))
     }`,
  ],
]

/** Ways into the realm before the bridge has shaken hands, and after. */
const BEFORE = {
  "frontend/early.html": `<!doctype html>\n<head><script src="/toolbox.js"></script><script src="/early.js"></script></head>\n<body></body>\n`,
}

const NO_PORT = {
  webkit: "has no port, and the window that is spoken to instead is of another origin: nothing to patch",
}

/** P13: the page's realm, patched. */
export const patchedRealms: readonly Attack[] = [
  ...REWRITES.map(
    ([what, patch]): Attack => ({
      id: "P13",
      name: `${what}, patched after the first use, to make a forbidden call of a harmless one`,
      stoppedBy: "the hook works in another realm, and sees what is sealed",
      defence: "browser",
      control: NO_HOOK,
      ...(what.startsWith("MessagePort") && { not: NO_PORT }),
      steps: async ({ page, victim }) => {
        await page.evaluate(`await attacker.call("allowed"); ${patch}\nawait attacker.call("allowed")`)
        return victim.hasRun("forbidden")
      },
    }),
  ),
  {
    id: "P13",
    name: "MessagePort.prototype.postMessage, patched before the bridge has its port",
    stoppedBy: "the hook works in another realm, and sees what is sealed",
    defence: "browser",
    control: NO_HOOK,
    not: NO_PORT,
    victim: { files: { ...BEFORE, "frontend/early.js": REWRITES[2]?.[1] ?? "" } },
    steps: async ({ page, victim }) => {
      await page.goto(`${victim.origin}/early.html`)
      await page.waitFor("return typeof attacker === 'object'")
      await page.evaluate(`await attacker.call("allowed")`)
      return victim.hasRun("forbidden")
    },
  },
  {
    id: "P13",
    name: "WebSocket.prototype.send, patched to send a call of its own in place of a frame",
    stoppedBy: "in isolation the Core acts on sealed frames alone",
    defence: "browser",
    control: CLEAR_TOO,
    inPage: async (attacker) => {
      await attacker.call("allowed")
      const { send } = WebSocket.prototype
      const call = attacker.clear({ calls: [[9, "forbidden", {}]], blobs: [] })
      WebSocket.prototype.send = function (data) {
        send.call(this, typeof data === "string" ? data : call)
      }
      await Promise.race([attacker.call("allowed"), attacker.pause(300)])
    },
  },
  {
    id: "P13",
    name: "whatever passes through the realm, gathered, and each 32 bytes of it tried as the key",
    stoppedBy: "the key goes from the Core to the sandbox's document, and never through the page",
    defence: "browser",
    control: KEY_IN_WELCOME,
    inPage: async (attacker) => {
      const heard: string[] = []
      const { parse } = JSON
      JSON.parse = (text, ...more) => {
        heard.push(text)
        return parse(text, ...more)
      }
      const { decode } = TextDecoder.prototype
      TextDecoder.prototype.decode = function (...args) {
        const text = decode.apply(this, args)
        heard.push(text)
        return text
      }
      for (const owner of [SubtleCrypto.prototype, MessagePort.prototype, Uint8Array, Array] as object[])
        for (const name of Object.getOwnPropertyNames(owner)) {
          const { value } = Object.getOwnPropertyDescriptor(owner, name) ?? {}
          if (typeof value !== "function" || name === "constructor" || name === "prototype") continue
          Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
            for (const arg of args) if (typeof arg === "string") heard.push(arg)
            return Reflect.apply(value, this, args)
          })
        }
      const { socket, welcome } = await attacker.connect()
      await attacker.sandbox(welcome.frame ?? "")
      const bytes = (text: string): number[] =>
        Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0))
      const all = heard.join("\n")
      const candidates = [
        ...[...all.matchAll(/\[((?:\d+,){31}\d+)\]/g)].map(([, numbers = ""]) => numbers.split(",").map(Number)),
        ...[...all.matchAll(/(?<![\w-])[\w-]{43}(?![\w-])/g)].map(([text]) => bytes(text)),
      ]
      // The first that is right is taken, and the first that is wrong ends the session: the likeliest first.
      for (const candidate of candidates.slice(0, 1)) {
        const session = Uint8Array.from(bytes(welcome.session))
        const key = Uint8Array.from(candidate)
        attacker.send(
          await attacker.forge({ calls: [[1, "forbidden", {}]], blobs: [] }, { seq: 1, key, session }),
          socket,
        )
      }
      await attacker.pause(300)
    },
  },
  {
    id: "P13",
    name: "a window of the app opened by a page that has patched it before its document came",
    stoppedBy: "the hook works in another realm, and sees what is sealed",
    defence: "browser",
    control: NO_HOOK,
    not: {
      webkit: "no window opens without a click",
    },
    inPage: async (attacker) => {
      const popup = open("/") as (Window & typeof globalThis) | null
      if (popup === null) return
      const patch = (): void => {
        const { postMessage } = popup.MessagePort.prototype
        popup.MessagePort.prototype.postMessage = function (data: unknown, ...more: never[]) {
          postMessage.call(this, typeof data === "string" ? data.replaceAll("allowed", "forbidden") : data, ...more)
        }
      }
      patch()
      await attacker.until(() => "attacker" in popup)
      // Where the document brought a realm of its own.
      patch()
      await (popup as unknown as { attacker: typeof attacker }).attacker.call("allowed")
      popup.close()
    },
  },
]
