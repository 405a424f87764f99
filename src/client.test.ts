import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, test } from "node:test"
import { type } from "arktype"
import * as v from "valibot"
import { z } from "zod"
import { Channel } from "./client/channel.ts"
import type { ClientInternals } from "./client/internals.ts"
import type { PageChannel } from "./client/sent.ts"
import { type Call, type Client, createClient, isIsolationError, type Settled, settle } from "./client.ts"
import { Channel as CoreChannel } from "./core/channel.ts"
import { command } from "./core/command.ts"
import { fail } from "./core/failure.ts"

class Note {
  readonly path: string = ""
  readonly changed: Date = new Date(0)
  title(): string {
    return this.path
  }
}

const commands = {
  read: command(v.object({ path: v.string() }), ({ path }) => (path === "" ? fail({ code: "EMPTY" }) : path)),
  list: command(async () => ["a.md"]),
  search: command(z.object({ text: z.string(), limit: z.number().optional() }), () => [new Note()]),
  shift: command(z.object({ days: z.string().transform(Number) }), ({ days }) => ({
    days,
    none: undefined as number | undefined,
  })),
  clear: command(v.object({ all: v.optional(v.boolean()) }), () => {}),
  attach: command(v.instance(Uint8Array), (bytes) => bytes),
  watch: command(v.object({ on: v.instance(CoreChannel<{ path: string }>) }), () => null),
  watchToo: command(z.object({ on: z.instanceof(CoreChannel<Date>) }), () => null),
  watchThree: command(type({ on: type.instanceOf(CoreChannel<number>) }), () => null),
  table: command(() => ({
    map: new Map<string, number>(),
    bytes: new Uint8Array(2),
    pair: [1, undefined] as [number, undefined],
  })),
}
type Offered = Client<typeof commands>

/** Types that are what they should be: a wrong one does not compile. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Takes<Name extends keyof Offered, Args extends readonly unknown[]> =
  Args extends Parameters<Offered[Name]> ? true : false
type Gives<Name extends keyof Offered> = Awaited<ReturnType<Offered[Name]>>
type Fails<Name extends keyof Offered> =
  ReturnType<Offered[Name]> extends Call<unknown, infer Reason> ? Reason : "no call"

/** What the types of a client promise: a claim that is not so does not compile. */
function claim<_Claims extends readonly true[]>(): void {}
claim<
  [
    // They take the arguments of the command.
    Takes<"read", [{ path: string }]>,
    // They refuse an argument of another name.
    Same<Takes<"read", [{ pth: string }]>, false>,
    // They refuse an argument of another type.
    Same<Takes<"read", [{ path: number }]>, false>,
    // They refuse a call without its arguments.
    Same<Takes<"read", []>, false>,
    // They take headers.
    Takes<"read", [{ path: string }, { headers: { a: string } }]>,
    // They take no arguments where the command has no schema.
    Takes<"list", []>,
    // They take optional arguments or none of them.
    Takes<"search", [{ text: string }]>,
    // They take nothing where all arguments are optional.
    Takes<"clear", []>,
    // They take what the schema takes, not what it makes of it.
    Takes<"shift", [{ days: string }]>,
    // They take an ArrayBuffer for bytes.
    Takes<"attach", [ArrayBuffer]>,
    // They take any view for bytes.
    Takes<"attach", [DataView]>,
    // They take the client's channel.
    Takes<"watch", [{ on: Channel<{ path: string }> }]>,
    // They refuse a channel of other messages.
    Same<Takes<"watch", [{ on: Channel<number> }]>, false>,
    // They know what a message is after JSON.
    Takes<"watchToo", [{ on: PageChannel<string> }]>,
    // They know channels through ArkType, too.
    Takes<"watchThree", [{ on: Channel<number> }]>,
    // They give the result without its failures.
    Same<Gives<"read">, string>,
    // They know the failures.
    Same<Fails<"read">, { readonly code: "EMPTY" }>,
    // They know of no failures where there are none.
    Same<Fails<"list">, never>,
    // They give what a promise resolves with.
    Same<Gives<"list">, string[]>,
    // They give null for nothing.
    Same<Gives<"clear">, null>,
    // They give an ArrayBuffer for bytes.
    Same<Gives<"attach">, ArrayBuffer>,
    // They give what JSON leaves: dates as text, no functions.
    Same<Gives<"search">, { readonly path: string; readonly changed: string }[]>,
    // They give properties that may be undefined as optional.
    Same<Gives<"shift">, { days: number; none?: number }>,
    // They give maps as objects, nested bytes as numbers, holes of lists as null.
    Same<Gives<"table">, { map: Record<string, number>; bytes: number[]; pair: [number, null] }>,
  ]
>()

/** A bridge that notes what it is asked, in place of the page's. */
class FakeBridge implements ClientInternals {
  readonly invoked: unknown[][] = []
  readonly callbacks: Map<number, (data: unknown) => void> = new Map()
  answer: () => Promise<unknown> = () => Promise.resolve("answer")

  invoke(...call: unknown[]): Promise<unknown> {
    this.invoked.push(call)
    return this.answer()
  }

  transformCallback(callback: (data: unknown) => void): number {
    this.callbacks.set(7, callback)
    return 7
  }

  unregisterCallback(id: number): void {
    this.callbacks.delete(id)
  }

  run(data: unknown): void {
    this.callbacks.get(7)?.(data)
  }
}

const page = globalThis as { __TAURI_INTERNALS__?: ClientInternals }
let bridge: FakeBridge
beforeEach(() => {
  bridge = new FakeBridge()
  page.__TAURI_INTERNALS__ = bridge
})
afterEach(() => {
  delete page.__TAURI_INTERNALS__
})

describe("a client", () => {
  test("invokes the command of the name that is called", async () => {
    const client = createClient<typeof commands>()
    assert.equal(await client.read({ path: "a.md" }, { headers: { a: "b" } }), "answer")
    assert.deepEqual(bridge.invoked, [["read", { path: "a.md" }, { headers: { a: "b" } }]])
  })

  test("invokes a plugin's commands under its name", async () => {
    await createClient<typeof commands>({ plugin: "notes" }).list()
    assert.deepEqual(bridge.invoked, [["plugin:notes|list", undefined, undefined]])
  })

  test("can be awaited without calling anything", async () => {
    const client = createClient<typeof commands>()
    assert.equal(await Promise.resolve(client), client)
    assert.deepEqual(bridge.invoked, [])
  })

  test("rejects, and does not throw, in a page without an app behind it", async () => {
    delete page.__TAURI_INTERNALS__
    await assert.rejects(createClient<typeof commands>().list(), /no app behind it/)
  })
})

describe("settle", () => {
  test("gives what a call resolves with", async () => {
    const settled: Settled<string, { readonly code: "EMPTY" }> = await settle(
      createClient<typeof commands>().read({ path: "" }),
    )
    assert.deepEqual(settled, { ok: true, value: "answer" })
  })

  for (const error of [{ code: "EMPTY" }, "a message", new TypeError("own")])
    test(`gives what a call rejects with: ${JSON.stringify(error)}`, async () => {
      bridge.answer = () => Promise.reject(error)
      assert.deepEqual(await settle(createClient<typeof commands>().read({ path: "" })), { ok: false, error })
    })
})

describe("an IsolationError", () => {
  const real = Object.assign(new Error("no"), { name: "IsolationError", code: "HOOK_REFUSED" })
  for (const [name, error, expected] of [
    ["is known by its name and code", real, true],
    ["is not any error", new Error("no"), false],
    ["is not what looks like one", { ...real, name: "IsolationError" }, false],
    ["is not a text", "IsolationError", false],
  ] as const)
    test(name, () => assert.equal(isIsolationError(error), expected))
})

describe("a client's channel", () => {
  test("stands in arguments as Tauri's does", () => {
    assert.equal(JSON.stringify({ on: new Channel(() => {}) }), '{"on":"__CHANNEL__:7"}')
  })

  test("delivers in order, whatever the order of arrival, and is forgotten after its end", () => {
    const got: unknown[] = []
    new Channel((message) => got.push(message))
    bridge.run({ message: "b", index: 1 })
    bridge.run({ end: true, index: 3 })
    bridge.run({ message: "a", index: 0 })
    assert.deepEqual(got, ["a", "b"])
    assert.equal(bridge.callbacks.size, 1)
    bridge.run({ message: "c", index: 2 })
    assert.deepEqual(got, ["a", "b", "c"])
    assert.equal(bridge.callbacks.size, 0)
  })

  test("goes on after a handler that throws, whose error is reported as uncaught", (t) => {
    const got: unknown[] = []
    const thrown: (() => void)[] = []
    t.mock.method(globalThis, "queueMicrotask", (rethrow: () => void) => thrown.push(rethrow))
    new Channel<number>((message) => {
      got.push(message)
      if (message === 0) throw new Error("handler")
    })
    bridge.run({ message: 0, index: 0 })
    bridge.run({ message: 1, index: 1 })
    assert.deepEqual(got, [0, 1])
    assert.throws(() => thrown[0]?.(), /handler/)
  })

  test("takes the handler that is set last", () => {
    const got: unknown[] = []
    const channel = new Channel<number>()
    bridge.run({ message: 0, index: 0 })
    channel.onmessage = (message) => got.push(message)
    bridge.run({ message: 1, index: 1 })
    assert.deepEqual(got, [1])
  })
})
