import type { ReceivedCall } from "../boundary/core/call-payload.ts"
import type { Headers as HeaderRecord } from "../boundary/wire/messages.ts"
import { bare } from "../boundary/wire/own.ts"
import { type Access, type Scope, UNRESTRICTED } from "./access.ts"
import type { CallContext, CallingPage, Command, Commands } from "./command.ts"
import { Failure } from "./failure.ts"
import { inherited } from "./inherited.ts"
import type { Resources } from "./resources.ts"
import { issuePath, type SchemaIssue, type StandardSchema } from "./standard-schema.ts"

/** How a call ended: `settle` is called once for each call, before `run` returns where nothing had to be awaited. */
export interface Outcome {
  resolve(id: number, value: unknown): void
  reject(id: number, reason: unknown): void
}

/** Who calls, as the session knows it. */
export interface Caller extends CallingPage {
  readonly signal: AbortSignal
  /** A call that the window's capabilities do not grant: for the audit. */
  denied(id: number, command: string, reason: string): void
}

/** `plugin:<plugin>|<command>`. */
const OF_PLUGIN = /^plugin:([^|]*)\|(.*)$/s

/** Finds, authorizes, validates and runs commands. */
export class Dispatcher {
  readonly #commands: ReadonlyMap<string, Command>
  readonly #plugins: ReadonlySet<string>
  readonly #access: Access

  /** `commands`: the app's, and its plugins' as `plugin:<plugin>|<command>`. */
  constructor(commands: Commands, access: Access = UNRESTRICTED) {
    // Copies: `judgedAs` of a command without it must not come from `Object.prototype`.
    this.#commands = new Map(Object.entries(commands).map(([name, command]) => [name, bare(command)]))
    this.#plugins = new Set([...this.#commands.keys()].flatMap((name) => OF_PLUGIN.exec(name)?.[1] ?? []))
    this.#access = access
  }

  run(call: ReceivedCall, caller: Caller, outcome: Outcome): void {
    // Exactly as the hook saw it. Tauri ignores what follows a second bar: a hook that refuses `plugin:fs|remove` would let
    // `plugin:fs|remove|` pass.
    const name = call.cmd
    const command = this.#commands.get(name)
    // Before anybody learns which commands there are.
    const judgement = this.#access.judge(command?.judgedAs ?? name, caller.label)
    if (!judgement.allowed) {
      caller.denied(call.id, name, judgement.message)
      return outcome.reject(call.id, judgement.message)
    }
    if (command === undefined) return outcome.reject(call.id, this.#notFound(name))
    try {
      const context = new Context(name, call.headers, caller, judgement.scope)
      const result =
        command.schema === null
          ? command.handler(call.args as never, context)
          : validateAndRun(command, command.schema, call, context)
      if (isThenable(result))
        // Not its own `then`: what is no promise may settle twice.
        Promise.resolve(result).then(
          (value) => returned(value, call.id, outcome),
          (error: unknown) => outcome.reject(call.id, error),
        )
      else returned(result, call.id, outcome)
    } catch (error) {
      outcome.reject(call.id, error)
    }
  }

  /** In Tauri's words. */
  #notFound(name: string): string {
    const [, plugin, ofPlugin] = OF_PLUGIN.exec(name) ?? []
    const isPluginMissing = plugin !== undefined && !this.#plugins.has(plugin)
    return isPluginMissing ? `plugin ${plugin} not found` : `Command ${ofPlugin ?? name} not found`
  }
}

function returned(value: unknown, id: number, outcome: Outcome): void {
  if (value instanceof Failure) outcome.reject(id, value.reason)
  else outcome.resolve(id, value)
}

/** Stays synchronous where the validator is: a call then costs no promise. */
function validateAndRun(command: Command, schema: StandardSchema, call: ReceivedCall, context: CallContext): unknown {
  const validated = schema["~standard"].validate(call.args)
  const proceed = (result: Awaited<typeof validated>): unknown => {
    // ArkType has it in the prototype of a class; on `Object.prototype` it would reject every call.
    const issues = inherited(result, "issues") as typeof result.issues
    if (issues !== undefined) throw new Error(invalidArguments(call.cmd, issues))
    return command.handler((result as { value?: unknown }).value as never, context)
  }
  // Not `instanceof`: a promise of another kind or realm has no `issues`, and would pass for arguments without any.
  return isThenable(validated) ? Promise.resolve(validated).then(proceed) : proceed(validated)
}

/** In Tauri's words, so that frontends that look at them go on working. */
function invalidArguments(command: string, issues: readonly SchemaIssue[]): string {
  const [issue] = issues
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ""
  const path = issue === undefined ? "" : issuePath(issue)
  const where = path === "" ? "invalid args" : `invalid args \`${path}\``
  return `${where} for command \`${command}\`: ${issue?.message ?? "refused by its schema"}${more}`
}

/** Made for every call, so what few commands ask for is made when they do. */
class Context implements CallContext {
  readonly command: string
  readonly #headers: HeaderRecord | null
  readonly scope: Scope
  readonly page: Caller

  constructor(command: string, headers: HeaderRecord | null, page: Caller, scope: Scope) {
    this.command = command
    this.scope = scope
    this.page = page
    this.#headers = headers
  }

  get window(): string {
    return this.page.label
  }

  get resources(): Resources {
    return this.page.resources
  }

  get headers(): Headers {
    return new Headers(this.#headers ?? {})
  }

  get signal(): AbortSignal {
    return this.page.signal
  }
}

function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
}
