import type { Attack, Replacement, Scene } from "../attack.ts"

const INHERITED_CALLS: readonly Replacement[] = [
  {
    off: "the rule that a payload's calls are its own: they come from its prototype, too",
    file: "boundary/core/call-payload.ts",
    find: 'list(own(members, "calls"))',
    replace: "list((members as { calls?: unknown }).calls)",
  },
  {
    off: "the comparison with the calls that its text has",
    file: "boundary/core/call-payload.ts",
    find: 'if (calls.length !== reserved.calls.length) throw new TypeError("a call is a list")',
    replace: "",
  },
  {
    off: "the memory that is taken for each of those",
    file: "boundary/core/call-payload.ts",
    find: "reserved?.bytes ?? 0",
    replace: "reserved?.bytes ?? 1",
  },
]

const INHERITED_SLOTS: Replacement = {
  off: "the end of a call's list: slots beyond it come from its prototype",
  file: "boundary/core/call-payload.ts",
  find: "const [id, cmd, args, headers, blob] = list(tuple) as unknown as Call\n",
  replace: "const { 0: id, 1: cmd, 2: args, 3: headers, 4: blob } = list(tuple) as unknown as Call\n",
}

const INHERITED_PERMISSION: Replacement = {
  off: "the copies of commands without a prototype",
  file: "core/dispatcher.ts",
  find: "[name, bare(command)]",
  replace: "[name, command]",
}

const INHERITED_OPTIONS: Replacement = {
  off: "the rule that the options of what a hook returned are its own",
  file: "boundary/sandbox/hook-result.ts",
  find: 'own(call ?? result, "options")',
  replace: "((call ?? result) as { options?: unknown }).options",
}

const INHERITED_HEADERS: Replacement = {
  off: "the rule that the headers of what a hook returned are its own",
  file: "boundary/sandbox/hook-result.ts",
  find: 'own(options, "headers")',
  replace: "(options as { headers?: unknown }).headers",
}

const INHERITED_DESCRIPTOR: Replacement = {
  off: "the copies of property descriptors without a prototype",
  file: "boundary/sandbox/hook-payload.ts",
  find: "name, bare(descriptor))",
  replace: "name, descriptor)",
}

/** Grants everything but `forbidden`. */
const CAPABILITIES = {
  "capabilities/main.json": JSON.stringify({
    identifier: "main",
    windows: ["*"],
    permissions: ["allow-allowed", "allow-settings"],
  }),
}

/** A hook that looks at no command. */
const ANY = "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload"

/** The same merge as the command `settings` has, in the hook. */
const MERGING = `
const merge = (into, from) => {
  for (const [name, value] of Object.entries(from)) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) into[name] = value
    else merge(into[name] ??= {}, value)
  }
}
window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "forbidden") throw new Error("forbidden")
  merge({}, payload.payload)
  return RESULT
}`

/** The page has the command, or the hook, merge this into an object of its own. */
const pollute = (page: Scene["page"], command: string, properties: object): Promise<unknown> =>
  page.evaluate(`
    await attacker.call(${JSON.stringify(command)}, ${JSON.stringify({ constructor: { prototype: properties } })})`)

const CALL = [4_000_000_000, "forbidden", { all: true }]

/** P31: a prototype that a careless merge lets the page write to, in the Core or in the sandbox. */
export const pollutedPrototypes: readonly Attack[] = [
  {
    id: "P31",
    name: "`calls` on the Core's `Object.prototype`, by a command that merges; then another window loads",
    stoppedBy: "a payload's members are its own properties",
    defence: "core",
    control: INHERITED_CALLS,
    alone: true,
    steps: async ({ page, open, victim }) => {
      await pollute(page, "settings", { calls: [CALL] })
      await loadOther(open)
      return ranForbidden(victim)
    },
  },
  {
    id: "P31",
    name: "`calls` and `judgedAs` on the Core's `Object.prototype`, for a command that hook and capabilities deny",
    stoppedBy: "a payload's members are its own properties, and so is what a command is authorized as",
    defence: "core",
    control: [...INHERITED_CALLS, INHERITED_PERMISSION],
    alone: true,
    victim: { files: CAPABILITIES },
    steps: async ({ page, open, victim }) => {
      await pollute(page, "settings", { judgedAs: "allowed", calls: [CALL] })
      await loadOther(open)
      return ranForbidden(victim)
    },
  },
  {
    id: "P31",
    name: "`judgedAs` on the Core's `Object.prototype`, for a command that only capabilities deny",
    stoppedBy: "what a command is authorized as is its own property",
    defence: "core",
    control: INHERITED_PERMISSION,
    alone: true,
    victim: { files: CAPABILITIES, hook: ANY },
    steps: async ({ page, victim }) => {
      await pollute(page, "settings", { judgedAs: "allowed" })
      await page.evaluate(`await attacker.call("forbidden")`)
      return ranForbidden(victim)
    },
  },
  {
    id: "P31",
    name: "`3` on the Core's `Object.prototype`, for headers that a call does not have",
    stoppedBy: "a call has the slots of its own list",
    defence: "core",
    control: INHERITED_SLOTS,
    alone: true,
    steps: async ({ page, victim }) => {
      await pollute(page, "settings", { 3: { "x-admin": "yes" } })
      await page.evaluate(`await attacker.call("allowed")`)
      return hasAdminHeader(victim)
    },
  },
  {
    id: "P31",
    name: "`options` on the sandbox's `Object.prototype`, by a hook that merges and returns an object without options",
    stoppedBy: "what a hook returned is read as own properties",
    defence: "browser",
    control: INHERITED_OPTIONS,
    victim: { hook: MERGING.replace("RESULT", "{ cmd: payload.cmd, payload: payload.payload }") },
    steps: async ({ page, victim }) => {
      await pollute(page, "allowed", { options: { headers: { "x-admin": "yes" } } })
      await page.evaluate(`await attacker.call("allowed")`)
      return hasAdminHeader(victim)
    },
  },
  {
    id: "P31",
    name: "`headers` on the sandbox's `Object.prototype`, by a hook that merges and returns options without headers",
    stoppedBy: "what a hook returned is read as own properties",
    defence: "browser",
    control: INHERITED_HEADERS,
    victim: { hook: MERGING.replace("RESULT", "Object.assign(payload, { options: {} })") },
    steps: async ({ page, victim }) => {
      await pollute(page, "allowed", { headers: { "x-admin": "yes" } })
      await page.evaluate(`await attacker.call("allowed")`)
      return hasAdminHeader(victim)
    },
  },
  {
    id: "P31",
    name: "`value` on the sandbox's `Object.prototype`, by a hook that merges and freezes what it returns",
    stoppedBy: "a descriptor that leaves out the value has none",
    defence: "browser",
    control: INHERITED_DESCRIPTOR,
    not: { webkit: "its engine reads the own properties of a descriptor only" },
    victim: { hook: MERGING.replace("RESULT", "Object.freeze(payload)") },
    steps: async ({ page, victim }) => {
      await pollute(page, "allowed", { value: "forbidden" })
      await page.evaluate(`await attacker.call("allowed")`)
      return ranForbidden(victim)
    },
  },
]

/** A new session: the first record of its sandbox has no calls. The answer to a call of its own comes after that. */
async function loadOther(open: Scene["open"]): Promise<void> {
  const other = await open("other")
  await other.evaluate(`await attacker.call("allowed")`)
}

/** What has run is heard of after an answer to a question asked now. */
async function ranForbidden(victim: Scene["victim"]): Promise<boolean> {
  await victim.launchUrl("other")
  return victim.hasRun("forbidden")
}

async function hasAdminHeader(victim: Scene["victim"]): Promise<boolean> {
  await victim.launchUrl("other")
  return victim.ran.some(({ headers }) => headers["x-admin"] === "yes")
}
