import type { Headers as HeaderRecord } from "../protocol/messages.ts"
import type { ReceivedCall } from "./call-payload.ts"
import type { CallContext, Command, Commands } from "./command.ts"
import { issuePath, type SchemaIssue, type StandardSchema } from "./standard-schema.ts"

/** How a call ended: `settle` is called once for each call, before `run` returns where nothing had to be awaited. */
export interface Outcome {
  resolve(id: number, value: unknown): void
  reject(id: number, reason: unknown): void
}

/** Who calls, as the session knows it. */
export interface Caller {
  readonly label: string
  readonly signal: AbortSignal
}

/** Finds, validates and runs commands. */
export class Dispatcher {
  readonly #commands: ReadonlyMap<string, Command>

  constructor(commands: Commands) {
    this.#commands = new Map(Object.entries(commands))
  }

  run(call: ReceivedCall, caller: Caller, outcome: Outcome): void {
    const command = this.#commands.get(call.cmd)
    if (command === undefined) return outcome.reject(call.id, `Command ${call.cmd} not found`)
    try {
      const context = new Context(call.cmd, call.headers, caller)
      const result =
        command.schema === null
          ? command.handler(call.args as never, context)
          : validateAndRun(command, command.schema, call, context)
      if (isThenable(result))
        // Not its own `then`: what is no promise may settle twice.
        Promise.resolve(result).then(
          (value) => outcome.resolve(call.id, value),
          (error: unknown) => outcome.reject(call.id, error),
        )
      else outcome.resolve(call.id, result)
    } catch (error) {
      outcome.reject(call.id, error)
    }
  }
}

/** Stays synchronous where the validator is: a call then costs no promise. */
function validateAndRun(command: Command, schema: StandardSchema, call: ReceivedCall, context: CallContext): unknown {
  const validated = schema["~standard"].validate(call.args)
  const proceed = (result: Awaited<typeof validated>): unknown => {
    if (result.issues !== undefined) throw new Error(invalidArguments(call.cmd, result.issues))
    return command.handler(result.value as never, context)
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
  readonly #caller: Caller

  constructor(command: string, headers: HeaderRecord | null, caller: Caller) {
    this.command = command
    this.#headers = headers
    this.#caller = caller
  }

  get window(): string {
    return this.#caller.label
  }

  get headers(): Headers {
    return new Headers(this.#headers ?? {})
  }

  get signal(): AbortSignal {
    return this.#caller.signal
  }
}

function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
}
