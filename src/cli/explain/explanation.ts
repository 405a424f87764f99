import { ConfigError, readConfig } from "../../config/config.ts"
import { at } from "../../config/records.ts"
import type { CheckOptions } from "../check/check.ts"
import { type CheckedApp, UNKNOWN_COMMANDS } from "../check/checked-app.ts"
import type { Guard } from "../check/hook/facts.ts"
import { readApp } from "../check/read-app.ts"
import { type CommandAt, findCommands } from "../project/find-commands.ts"

/** What the hook does with a command: `unknown` where it cannot be told by reading. */
export type Fate = "refused" | "passes" | "unknown"

/** One command, and what stands between the page and it. */
export interface ExplainedCommand {
  readonly name: string
  /** Where the frontend calls it, and where the Core offers it, as `file:line`. */
  readonly called: readonly string[]
  readonly offered: readonly string[]
  /** Whether the hook names it. */
  readonly isNamed: boolean
  readonly fate: Fate
  /** By argument: how the hook looks at it. */
  readonly checks: Readonly<Record<string, readonly Check[]>>
  /** Whether arguments went into something that reading cannot follow: there may be more checks. */
  readonly isOpaque: boolean
}

export interface Check {
  readonly kind: Guard["kind"]
  readonly text: string | null
}

export interface ExplainedCapability {
  readonly identifier: string
  readonly windows: readonly string[]
  readonly permissions: readonly string[]
}

/** What isolation does for an app. */
export interface Explanation {
  readonly config: string | null
  readonly target: "tauri" | "sallyport"
  /** Absolute path of the isolation app that was read. */
  readonly dir: string
  /** `null`: the isolation app says that there is deliberately none; `false`: there is none, or it cannot be read. */
  readonly hook: boolean | null
  /** What becomes of a command that the hook does not know. */
  readonly others: Fate
  readonly commands: readonly ExplainedCommand[]
  /** `null`: there are none, so every window may call all that the hook lets through. */
  readonly capabilities: readonly ExplainedCapability[] | null
  /** What no layer covers, in sentences. */
  readonly open: readonly string[]
}

/** Reads an app's own files and says what isolation does for it. Nothing is run. */
export async function explain(options: CheckOptions): Promise<Explanation> {
  const { project, target, dir } = options
  const commands = project === null ? null : await findCommands(project)
  const app = await readApp(dir, { ...options, commands })
  const named = new Set(app.followed.flatMap(({ facts }) => [...facts.names.keys()]))
  const placesOf = (all: readonly CommandAt[], name: string): string[] =>
    all.filter((command) => command.name === name).map(({ file, line }) => `${file}:${line}`)
  const [called, offered] = [commands?.called ?? [], commands?.offered ?? []]
  const names = new Set([...called, ...offered].map(({ name }) => name))
  for (const name of named) names.add(name)
  const explained = [...names].sort().map((name) => ({
    name,
    called: placesOf(called, name),
    offered: placesOf(offered, name),
    isNamed: named.has(name),
    fate: fateOf(app, name),
    checks: checksOf(app, name),
    isOpaque: app.hook.kind === "function" && app.follow(name).facts.opaque,
  }))
  const capabilities = await capabilitiesOf(options)
  const explanation = {
    config: project?.config ?? null,
    target,
    dir,
    hook: { function: true, null: null, missing: false, other: false }[app.hook.kind],
    others: UNKNOWN_COMMANDS.map((command) => fateOf(app, command)).reduce(worse),
    commands: explained,
    capabilities,
  }
  return { ...explanation, open: whatIsOpen(explanation, app, options, commands?.computed.length ?? 0) }
}

function fateOf(app: CheckedApp, command: string): Fate {
  if (app.hook.kind === "null") return "passes"
  if (app.hook.kind !== "function" || !app.isWhole) return "unknown"
  const { endings, isCut } = app.follow(command)
  if (endings.length > 0 && !isCut && endings.every(({ type }) => type === "throw")) return "refused"
  return endings.some(({ type, isSure }) => type === "return" && isSure) ? "passes" : "unknown"
}

const worse = (one: Fate, other: Fate): Fate =>
  one === "passes" || other === "passes" ? "passes" : one === "unknown" ? one : other

function checksOf(app: CheckedApp, command: string): Record<string, Check[]> {
  if (app.hook.kind !== "function") return {}
  const { guards } = app.follow(command).facts
  return Object.fromEntries(
    [...guards].map(([argument, all]) => [argument, all.map(({ kind, text }) => ({ kind, text }))]),
  )
}

async function capabilitiesOf({ project, target }: CheckOptions): Promise<ExplainedCapability[] | null> {
  if (project === null || target === "tauri") return null
  try {
    const { capabilities } = await readConfig(project.config, undefined, { withoutFrontend: true })
    if (capabilities === null) return null
    return capabilities.map(({ identifier, windows, permissions }) => ({
      identifier,
      windows: windows.map(({ pattern }) => pattern),
      permissions: permissions.map((permission) => permission.identifier),
    }))
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

function whatIsOpen(
  { hook, others, commands, capabilities, target }: Omit<Explanation, "open">,
  app: CheckedApp,
  { project }: CheckOptions,
  computed: number,
): string[] {
  const open: string[] = []
  if (hook === null)
    open.push("The isolation app sets no hook, on purpose: calls are sealed, and nobody looks at them.")
  if (hook === false) open.push("No hook was found: every call is refused until the isolation app sets one.")
  if (others === "passes")
    open.push(
      "Commands that the hook does not name get through, those of plugins too: what is added next month is open.",
    )
  const unseen = commands.filter(
    ({ fate, checks, offered, isOpaque }) =>
      fate === "passes" && offered.length > 0 && !isOpaque && Object.keys(checks).length === 0,
  )
  if (unseen.length > 0 && hook !== null)
    open.push(
      `The hook compares no argument of these with anything: ${unseen.map(({ name }) => name).join(", ")}. (Tests of type and length are not followed here.)`,
    )
  const loose = commands.filter(({ fate, checks }) => fate === "passes" && Object.values(checks).some(isLoose))
  if (loose.length > 0)
    open.push(
      `Of these only how an argument begins, or whether it holds "..", is looked at: ${loose.map(({ name }) => name).join(", ")}.`,
    )
  if (!app.isWhole) open.push("Some of the isolation app's scripts cannot be read: sallyport check says which.")
  if (computed > 0)
    open.push(`${computed} calls of the frontend compute the command's name: what they call is not known here.`)
  if (capabilities === null && target === "sallyport" && project !== null)
    open.push("There are no capabilities: every window may call what the hook lets through.")
  if (at(project?.settings, "app", "security", "assetProtocol", "enable") === true)
    open.push("The asset protocol reads files past the hook, within its scope (app.security.assetProtocol.scope).")
  open.push(
    "What a command does with arguments that were let through is the command's own affair: a careless one stays careless.",
  )
  open.push(
    target === "tauri"
      ? "Tauri seals the arguments only; a call that the hook refuses stays pending, and what travels beside the arguments is not looked at again."
      : "In WebKitGTK the isolation frame shares the page's process. Other programs of the same user can read this app's memory.",
  )
  return open
}

const isLoose = (checks: readonly Check[]): boolean =>
  checks.length > 0 && checks.every(({ kind }) => kind === "prefix" || kind === "dotdot")
