import assert from "node:assert/strict"
import { type Commands, command } from "sallyport"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"
import { CLONING } from "./every-browser.ts"

const THROWN: Readonly<Record<string, unknown>> = {
  error: new Error("no such note"),
  text: "plain text",
  object: { kind: "NotFound", path: ["a"] },
  list: [1, null],
  number: 7,
  boolean: false,
  null: null,
  undefined: undefined,
}

export const invokeCommands: Commands = {
  echo: command((args) => args),
  describe: command((args) => (args instanceof Uint8Array ? { bytes: [...args] } : { json: args })),
  raw: command(() => Uint8Array.of(0, 127, 255)),
  headers: command((_args, { headers }) => Object.fromEntries(headers)),
  nothing: command(() => {}),
  throws: command((args) => {
    throw THROWN[(args as { what: string }).what]
  }),
}

/** What arrives at a command for an expression, as JSON has it. */
const ARGUMENTS: readonly (readonly [name: string, expression: string, arrives: unknown])[] = [
  ["JSON", `{ a: [1, "b", null, true, { c: 1.5 }] }`, { a: [1, "b", null, true, { c: 1.5 }] }],
  ["no arguments", "undefined", {}],
  [
    "typed arrays inside",
    "{ bytes: Uint8Array.of(1, 255), words: Uint16Array.of(1, 500) }",
    { bytes: [1, 255], words: { 0: 1, 1: 500 } },
  ],
  ["a buffer inside", "{ in: [Uint8Array.of(3, 4).buffer] }", { in: [[3, 4]] }],
  ["a Map", `{ map: new Map([["a", 1], ["b", new Map([["c", 2]])]]) }`, { map: { a: 1, b: { c: 2 } } }],
  ["undefined and functions", "{ a: undefined, b: 1, f() {}, list: [undefined] }", { b: 1, list: [null] }],
  ["dates", "{ at: new Date(0) }", { at: "1970-01-01T00:00:00.000Z" }],
  ["numbers that JSON has not", "{ nan: NaN, infinite: -Infinity, zero: -0 }", { nan: null, infinite: null, zero: 0 }],
  ["a member named payload", "{ payload: 1, nonce: 2, contentType: 3 }", { payload: 1, nonce: 2, contentType: 3 }],
  [
    "members named like the call's own",
    `{ cmd: "x", callback: 1, error: 2, options: 3 }`,
    { cmd: "x", callback: 1, error: 2, options: 3 },
  ],
  ["text of every kind", `{ text: "\\u0000\\n\\u2028 ä 😀 \\ud800" }`, { text: "\u0000\n\u2028 ä 😀 \ud800" }],
  [
    "what says how it is serialized",
    `{ own: { [tauri.core.SERIALIZE_TO_IPC_FN]: () => ({ as: "this" }), not: "that" } }`,
    { own: { as: "this" } },
  ],
]

export const invokeCases: readonly Case[] = [
  ...ARGUMENTS.map(
    ([name, expression, arrives]): Case => ({
      shows: "core.invoke",
      name: `gives a command ${name}`,
      leavesPage: true,
      async run({ page }) {
        const script = `return tauri.core.invoke("describe", ${expression}).then(({ json }) => json)`
        assert.deepEqual(await page.evaluate(script), arrives)
      },
    }),
  ),
  {
    shows: "core.invoke",
    name: "carries a string of 480 KB there and back unchanged",
    async run({ page }) {
      const script = `const text = "äb😀c".repeat(60_000)
        return (await tauri.core.invoke("echo", { text })).text === text`
      assert.equal(await page.evaluate(script), true)
    },
  },
  {
    shows: "core.invoke",
    name: "gives bytes as they are: an ArrayBuffer, a view, a part of one, none at all",
    async run({ page }) {
      const script = `const buffer = Uint8Array.of(1, 2, 3, 4).buffer
        return Promise.all([buffer, new Uint8Array(buffer), new DataView(buffer, 1, 2), new Uint16Array(buffer, 2), new ArrayBuffer(0)]
          .map((bytes) => tauri.core.invoke("describe", bytes)))`
      const arrived = [[1, 2, 3, 4], [1, 2, 3, 4], [2, 3], [3, 4], []].map((bytes) => ({ bytes }))
      assert.deepEqual(await page.evaluate(script), arrived)
    },
  },
  {
    shows: "core.invoke",
    name: "carries 16 MiB of bytes there and back unchanged, as an ArrayBuffer",
    everyBrowser: CLONING,
    async run({ page }) {
      const script = `const bytes = new Uint8Array(16 * 1024 * 1024).map((_, index) => index * 31 + (index >> 8))
        const back = await tauri.core.invoke("echo", bytes)
        return back instanceof ArrayBuffer && new Uint8Array(back).every((byte, index) => byte === bytes[index])`
      assert.equal(await page.evaluate(script), true)
    },
  },
  {
    shows: "core.invoke",
    name: "gives the page bytes as an ArrayBuffer, and null for nothing",
    async run({ page }) {
      const script = `const raw = await tauri.core.invoke("raw")
        return [raw instanceof ArrayBuffer, [...new Uint8Array(raw)], await tauri.core.invoke("nothing")]`
      assert.deepEqual(await page.evaluate(script), [true, [0, 127, 255], null])
    },
  },
  {
    shows: "core.invoke",
    name: "gives a command the headers: of an object, of a Headers, of a list, with bytes too",
    async run({ page }) {
      const script = `const all = [{ "X-A": "1", b: "zwei" }, new Headers({ "X-A": "1" }), [["X-A", "1"]]]
        const answers = all.map((headers) => tauri.core.invoke("headers", {}, { headers }))
        return Promise.all([...answers, tauri.core.invoke("headers", new Uint8Array(1), { headers: { "x-a": "1" } })])`
      const one = { "x-a": "1" }
      assert.deepEqual(await page.evaluate(script), [{ ...one, b: "zwei" }, one, one, one])
    },
  },
  {
    shows: "core.invoke",
    name: "rejects with whatever the command threw; an Error is its message",
    async run({ page }) {
      const script = `const thrown = ${JSON.stringify(Object.keys(THROWN))}
        return Promise.all(thrown.map((what) => tauri.core.invoke("throws", { what }).then(() => "resolved", (reason) => [what, reason])))`
      const expected = Object.entries(THROWN).map(([what, thrown]) => [
        what,
        thrown instanceof Error ? thrown.message : (thrown ?? null),
      ])
      assert.deepEqual(await page.evaluate(script), expected)
    },
  },
  {
    shows: "core.invoke",
    name: "rejects what cannot be sent, and what does not exist, and goes on",
    async run({ page }) {
      await refused(page, `tauri.core.invoke("echo", { n: 1n })`, /cannot be turned into JSON/)
      await refused(
        page,
        `(() => { const o = {}; o.o = o; return tauri.core.invoke("echo", o) })()`,
        /cannot be turned into JSON/,
      )
      await refused(page, `tauri.core.invoke("nobody")`, /^Command nobody not found$/)
      await refused(page, `tauri.core.invoke("plugin:nobody|read")`, /^plugin nobody not found$/)
      await refused(page, `tauri.core.invoke("plugin:event|read")`, /^Command read not found$/)
      await refused(page, `tauri.core.invoke(7)`, /takes the command's name as a string/)
      assert.deepEqual(await page.evaluate(`return tauri.core.invoke("echo", { still: "here" })`), { still: "here" })
    },
  },
  {
    shows: "core.invoke",
    name: "answers each of 2,000 calls at once with its own answer",
    async run({ page }) {
      const script = `const answers = await Promise.all(Array.from({ length: 2000 }, (_, n) => tauri.core.invoke("echo", { n })))
        return answers.every(({ n }, index) => n === index)`
      assert.equal(await page.evaluate(script), true)
    },
  },
]
