/** What a frontend imports: calls with the types of the Core's commands. It holds no code of the Core. */

import type { ErrorCode } from "./boundary/wire/errors.ts"
import { internals } from "./client/internals.ts"
import type { Received, Sent } from "./client/sent.ts"
import type { Command, Commands } from "./core/command.ts"
import type { Failure } from "./core/failure.ts"

export type { ErrorCode } from "./boundary/wire/errors.ts"
export { Channel } from "./client/channel.ts"
export type { PageChannel, Received, Sent } from "./client/sent.ts"

/** Second parameter of a call. */
export interface CallOptions {
  readonly headers?: ConstructorParameters<typeof Headers>[0]
}

declare const failure: unique symbol

/** A call on its way. `Reason`: what the command may `fail()` with; `settle` gives it back. */
export interface Call<Value, Reason = never> extends Promise<Value> {
  readonly [failure]?: Reason
}

type ArgumentsOf<Input> = unknown extends Input
  ? [args?: unknown, options?: CallOptions]
  : Record<never, never> extends Input
    ? [args?: Sent<Input>, options?: CallOptions]
    : [args: Sent<Input>, options?: CallOptions]

type ReasonOf<Result> = Result extends Failure<infer Reason> ? Received<Reason> : never

type Method<One> =
  One extends Command<never, infer Result, infer Input>
    ? (
        ...args: ArgumentsOf<Input>
      ) => Call<Received<Exclude<Awaited<Result>, Failure<unknown>>>, ReasonOf<Awaited<Result>>>
    : never

/** A function for each command. */
export type Client<Offered extends Commands> = { readonly [Name in keyof Offered]: Method<Offered[Name]> }

export interface ClientOptions {
  /** Calls `plugin:<plugin>|<command>` instead: the commands of a plugin. */
  readonly plugin?: string | undefined
}

/**
 * Calls by name, with the types of `typeof commands`:
 *
 *     const client = createClient<Commands>()
 *     const note = await client.read_note({ path: "a.md" })
 *
 * Each call is an `invoke()`, and rejects as that does. A command named `then` cannot be called this way: whoever awaits
 * the client would call it.
 */
export function createClient<Offered extends Commands>({ plugin }: ClientOptions = {}): Client<Offered> {
  const prefix = plugin === undefined ? "" : `plugin:${plugin}|`
  return new Proxy(Object.freeze({}) as Client<Offered>, {
    get: (_, name) =>
      typeof name !== "string" || name === "then"
        ? undefined
        : async (args?: unknown, options?: CallOptions) => internals().invoke(`${prefix}${name}`, args, options),
  })
}

/** What `invoke()` rejects with when no command answered. The code is part of the API, the message is not. */
export interface IsolationError extends Error {
  readonly name: "IsolationError"
  readonly code: ErrorCode
}

/** Whether a call was not made, or not answered, for a reason of Sallyport's own: `error.code` says which. */
export function isIsolationError(error: unknown): error is IsolationError {
  return error instanceof Error && error.name === "IsolationError" && "code" in error
}

/** How a call ended. `error`: what the command failed with; the message of what it threw; or why it was not made. */
export type Settled<Value, Reason> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Reason | string | IsolationError }

/** Waits for a call without throwing: for errors with a type. */
export async function settle<Value, Reason>(call: Call<Value, Reason>): Promise<Settled<Value, Reason>> {
  try {
    return { ok: true, value: await call }
  } catch (error) {
    return { ok: false, error: error as Reason | string | IsolationError }
  }
}
