import type { Attack, Replacement } from "../attack.ts"

const ORIGINAL: Replacement = {
  off: "the rule that what the hook returned is what is sealed: it is what the page sent",
  file: "boundary/sandbox/pass-call.ts",
  find: "  runHook(createHookPayload(request), label, limits.hookTimeoutMs, seal, reject)",
  replace:
    "  runHook(createHookPayload(request), label, limits.hookTimeoutMs, () => seal(createHookPayload(request)), reject)",
}

/** Hooks that make a path under /notes/ of every path, each in another style. */
const HOOKS: readonly (readonly [style: string, hook: string])[] = [
  ["spreads", `(payload) => ({ ...payload, path: "/notes/x" })`],
  ["destructures, with a rest", `({ path, ...rest }) => ({ ...rest, path: "/notes/" + String(path).length })`],
  ["deletes, and sets anew", `(payload) => { delete payload.path; payload.path = "/notes/x"; return payload }`],
  [
    "enumerates",
    `(payload) => {
      for (const name of Object.keys(payload)) if (name === "path") payload[name] = "/notes/x"
      return payload
    }`,
  ],
  ["clones", `(payload) => { const copy = structuredClone(payload); copy.path = "/notes/x"; return copy }`],
  ["writes to payload.payload", `(payload) => { payload.payload.path = "/notes/x"; return payload }`],
  [
    "takes a new payload",
    `(payload) => { payload.payload = { ...payload.payload, path: "/notes/x" }; return payload }`,
  ],
  ["goes through JSON", `(payload) => JSON.parse(JSON.stringify({ ...payload, path: "/notes/x" }))`],
  ["assigns to an object of its own", `(payload) => Object.assign({}, payload, { path: "/notes/x" })`],
  ["freezes", `(payload) => { payload.path = "/notes/x"; return Object.freeze(payload) }`],
  ["is asynchronous", `async (payload) => { await null; return { ...payload, path: "/notes/x" } }`],
]

/** Arguments that try to be more than arguments. */
const ARGUMENTS = [
  `{"path":"/etc/passwd"}`,
  `{"path":"/etc/passwd","payload":{"path":"/etc/passwd"}}`,
  `{"path":"/etc/passwd","payload":{"path":"/etc/passwd"},"options":{"headers":{"path":"/etc/passwd"}}}`,
  `{"path":"/etc/passwd","cmd":"read_file","callback":1,"error":1,"payload":null,"options":null}`,
  `{"path":"/etc/passwd","then":"x","toJSON":"x","valueOf":"x","constructor":{"path":"/etc/passwd"}}`,
  `{"payload":{"payload":{"path":"/etc/passwd"}},"path":"/etc/passwd"}`,
  `{"__proto__":{"path":"/etc/passwd"},"path":"/etc/passwd"}`,
  `{"0":"x","path":"/etc/passwd","length":1}`,
]

/** P30: the two views that a hook has of a call. */
export const hookViews: readonly Attack[] = [
  ...HOOKS.map(
    ([style, hook]): Attack => ({
      id: "P30",
      name: `arguments named like a call's own parts, past a hook that ${style}`,
      stoppedBy: "what the hook returned is what is sealed, in whichever style it says so",
      defence: "browser",
      control: ORIGINAL,
      victim: { hook: `window.__TAURI_ISOLATION_HOOK__ = ${hook}` },
      steps: async ({ page, victim }) => {
        await page.evaluate(`
          const session = await attacker.session()
          for (const [id, args] of ${JSON.stringify(ARGUMENTS)}.entries())
            session.port.postMessage("[[" + id + ',"read_file",' + args + "]]")
          await attacker.until(() => session.frames.length > ${ARGUMENTS.length})
          await attacker.pause(100)
          session.sendAll()
          await attacker.pause(200)`)
        return victim.ran.some(({ args }) => (args as { path?: unknown }).path === "/etc/passwd")
      },
    }),
  ),
  {
    id: "P30",
    name: "another name for a command that the hook refuses by its name: a bar, a line end, a space behind it",
    stoppedBy: "a command runs under its own name alone",
    defence: "core",
    control: {
      off: "the exact name of a plugin's command: what stands behind a second bar is nothing",
      file: "core/dispatcher.ts",
      find: "const name = call.cmd",
      replace: "const name = /^(plugin:[^|]*\\|)?[^|]*/.exec(call.cmd)?.[0] ?? call.cmd",
    },
    victim: {
      hook: `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
        if (payload.cmd === "forbidden" || payload.cmd === "plugin:window|create") throw new Error("forbidden")
        return payload
      }`,
    },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.call("allowed")
        for (const name of ["forbidden", "plugin:window|create"])
          for (const behind of ["|", "|x", "\\n", " ", "\\0", "\\u200b", "/", "()"])
            void attacker.call(name + behind, { options: { label: "created" } })
        await attacker.pause(300)`)
      await victim.launchUrl("other")
      return victim.hasRun("forbidden") || victim.shown.length > 0
    },
  },
]
