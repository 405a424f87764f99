import { own } from "../boundary/wire/own.ts"
import type { Scope } from "./access.ts"
import type { Channel } from "./channel.ts"
import type { EventReceiver } from "./events.ts"
import type { Resources } from "./resources.ts"
import type { StandardSchema } from "./standard-schema.ts"

/** The session that calls, for the commands that Sallyport itself brings. */
export interface CallingPage extends EventReceiver {
  readonly resources: Resources
  /** The channel for a callback of this page. */
  openChannel(id: number): Channel
}

/** What a command learns about the call besides its arguments. */
export interface CallContext {
  /** The command's name, as called. */
  readonly command: string
  /** Label of the window that called. It comes from the launch; no page can choose it. */
  readonly window: string
  /** Request headers: the `headers` of `invoke()`'s options, as the hook let them through. */
  readonly headers: Headers
  /** Fires when nobody waits for the answer any more: the window's session is gone, or the app closes. */
  readonly signal: AbortSignal
  /** What the window's capabilities say that this command may touch; empty without capabilities. */
  readonly scope: Scope
  /** What the page holds by number: gone, each closed, when its session ends. */
  readonly resources: Resources
  readonly page: CallingPage
}

export type Handler<Args, Result> = (args: Args, context: CallContext) => Result

/** A command: what `invoke()` can reach. Made by `command()`. */
export interface Command<Args = never, Result = unknown, Input = unknown> {
  /** What it gives out is what the handler takes: `command()` sees to that. */
  readonly schema: StandardSchema<Input, unknown> | null
  readonly handler: Handler<Args, Result>
  /** The command whose permission it needs instead of one of its own, as `plugin:<plugin>|<command>`. */
  readonly judgedAs?: string
}

/** Commands by name. */
export type Commands = Readonly<Record<string, Command>>

/**
 * Defines a command whose arguments are validated before it runs. A raw argument (an `ArrayBuffer` or a view of one in
 * the page) arrives as a `Uint8Array`; a command that returns bytes gives the page an `ArrayBuffer`.
 *
 * What it throws rejects the page's promise: an `Error` with its message, anything else as it is, never a stack. What it
 * returns from `fail()` rejects with a value whose type callers see.
 *
 * @param schema any Standard Schema: Valibot, Zod, ArkType, …
 */
export function command<Input, Args, Result>(
  schema: StandardSchema<Input, Args>,
  handler: Handler<Args, Result>,
): Command<Args, Result, Input>
/** Defines a command that looks at its arguments itself. */
export function command<Result>(handler: Handler<unknown, Result>): Command<unknown, Result>
export function command(first: unknown, second?: unknown): unknown {
  const [schema, handler] = second === undefined ? [null, first] : [first, second]
  if (typeof handler !== "function") throw new TypeError("command() takes a schema and a function, or a function alone")
  if (schema !== null && !isStandardSchema(schema))
    throw new TypeError(
      "command() takes a Standard Schema as its first argument: one of Valibot's, Zod's, ArkType's, … (standardschema.dev)",
    )
  return { schema, handler: handler as Handler<never, unknown> }
}

/** Throws a `TypeError` for anything among an app's commands that `command()` did not make. */
export function checkCommands(commands: Commands): void {
  if (typeof commands !== "object" || commands === null)
    throw new TypeError("createApp() needs `commands`: an object of command()s by name")
  for (const [name, value] of Object.entries(commands)) {
    if (typeof value !== "object" || value === null || typeof own(value, "handler") !== "function")
      throw new TypeError(`commands.${name} is no command: wrap its function in command()`)
    if (name.startsWith("plugin:"))
      throw new TypeError(`commands["${name}"]: names that begin with "plugin:" belong to plugins`)
  }
}

function isStandardSchema(value: unknown): value is StandardSchema {
  // ArkType's schemas are functions.
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false
  const standard = (value as Partial<StandardSchema>)["~standard"]
  return typeof standard === "object" && standard !== null && typeof standard.validate === "function"
}
