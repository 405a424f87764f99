import type { Attack } from "../attack.ts"
import { NO_HOOK } from "../weaknesses.ts"

/** Arguments that answer differently each time they are asked; each is asked until the forbidden answer would be due. */
const FACES: readonly (readonly [what: string, make: string])[] = [
  [
    "a getter",
    `(late) => { let asked = 0; return { get path() { return asked++ < late ? "/notes/a" : "/etc/passwd" } } }`,
  ],
  [
    "toJSON",
    `(late) => { let asked = 0; return { toJSON: () => ({ path: asked++ < late ? "/notes/a" : "/etc/passwd" }) } }`,
  ],
  [
    "a proxy",
    `(late) => { let asked = 0; return new Proxy({ path: "" }, {
      get: (target, name) => name !== "path" ? Reflect.get(target, name) : asked++ < late ? "/notes/a" : "/etc/passwd",
    }) }`,
  ],
  [
    "__TAURI_TO_IPC_KEY__",
    `(late) => { let asked = 0; return { path: { __TAURI_TO_IPC_KEY__: () => asked++ < late ? "/notes/a" : "/etc/passwd" } } }`,
  ],
]

/** P15: what is checked and what is sealed, if they could be told apart. */
export const twoFacedArguments: readonly Attack[] = [
  ...FACES.map(
    ([what, make]): Attack => ({
      id: "P15",
      name: `arguments with ${what} that gives a harmless path first, and another one later`,
      stoppedBy: "arguments leave the page as a text: the hook sees what is sealed",
      defence: "browser",
      control: NO_HOOK,
      steps: async ({ page, victim }) => {
        await page.evaluate(`
          const make = ${make}
          for (let late = 0; late < 6; late++) await attacker.call("read_file", make(late))`)
        return JSON.stringify(victim.ran).includes("/etc/passwd")
      },
    }),
  ),
  {
    id: "P15",
    name: "the same name twice in a text of the attacker's, written for the sandbox's port",
    stoppedBy: "JSON is parsed once, before the hook: of two the last counts, for the hook too",
    defence: "browser",
    control: NO_HOOK,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const session = await attacker.session()
        for (const text of ['{"path":"/etc/passwd","path":"/notes/a"}', '{"path":"/notes/a","p\\u0061th":"/etc/passwd"}'])
          session.port.postMessage('[[' + Math.floor(Math.random() * 1e9) + ',"read_file",' + text + ']]')
        await attacker.until(() => session.frames.length > 2)
        await attacker.pause(50)
        session.sendAll()
        await attacker.pause(200)`)
      return victim.ran.some(({ args }) => (args as { path?: string }).path === "/etc/passwd")
    },
  },
  {
    id: "P15",
    name: "a command's name that ends the call's text and begins another call",
    stoppedBy: "what the hook returned is written as JSON anew, names included",
    defence: "browser",
    control: {
      off: "the writing of a command's name as JSON",
      file: "boundary/sandbox/pass-call.ts",
      find: "JSON.stringify(cmd)",
      replace: '`"` + cmd + `"`',
    },
    inPage: (attacker) => attacker.call('allowed",{}],[77,"forbidden').then(() => {}),
  },
  {
    id: "P15",
    name: "one raw argument for two calls: what one call's hook writes into it, after the other's has looked",
    stoppedBy: "a raw argument belongs to one call",
    defence: "browser",
    control: {
      off: "the rule that a raw argument is one call's",
      file: "boundary/sandbox/batch.ts",
      find: "delete blobs[blob]",
      replace: "void blobs",
    },
    victim: {
      // The one is looked at and passed a moment later, the other is masked in place.
      hook: `window.__TAURI_ISOLATION_HOOK__ = async (payload) => {
        const { cmd, payload: bytes } = payload
        if (cmd === "mask") new Uint8Array(bytes)[0] = 66
        else if (new Uint8Array(bytes)[0] === 66) throw new Error("not this one")
        await new Promise((resolve) => setTimeout(resolve, 50))
        return payload
      }`,
      commands: ["mask"],
    },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const session = await attacker.session()
        session.port.postMessage(new Uint8Array([65, 65]).buffer)
        session.port.postMessage('[[1,"allowed",null,null,0],\\n[2,"mask",null,null,0]]')
        await attacker.until(() => session.frames.length > 1)
        session.sendAll()
        await attacker.pause(200)`)
      return victim.ran.some(({ command, args }) => command === "allowed" && (args as { first?: number }).first === 66)
    },
  },
]
