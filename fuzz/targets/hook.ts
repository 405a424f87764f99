import "../../src/boundary/sandbox/realm.fixture.ts"
import assert from "node:assert/strict"
import * as fc from "fast-check"
import { makeCloneable } from "../../src/boundary/sandbox/hook-payload.ts"
import { passCall } from "../../src/boundary/sandbox/pass-call.ts"
import { setHook } from "../../src/boundary/sandbox/realm.fixture.ts"
import { property, type Target } from "../property.ts"
import { forgetful, jsonValue } from "../values.ts"

makeCloneable()

type Arguments = Record<string, unknown>
type Given = Arguments & { cmd: string; payload: Arguments; options?: unknown }
type Hook = (payload: Given) => unknown

const LIMITS = { jsonBytes: 1_000_000, blobBytes: 1000, nesting: 100, hookTimeoutMs: 10_000 }
const RESERVED = ["cmd", "callback", "error", "payload", "options"]
const isFlat = (name: string): boolean => !RESERVED.includes(name)

/** What a call with these arguments comes to. */
function pass(
  hook: Hook,
  args: unknown,
): Promise<{ readonly cmd: string; readonly args: unknown } | { readonly refused: string }> {
  setHook(hook)
  return new Promise((resolve) => {
    passCall(
      { id: 7, cmd: "act", args, headers: null },
      { label: "main", limits: LIMITS },
      ({ tuple, blob }) => {
        const [, cmd, sealed] = JSON.parse(tuple)
        resolve({ cmd, args: blob === null ? sealed : [...blob] })
      },
      ({ code, message }) => resolve({ refused: `${code}: ${message}` }),
    )
  })
}

const key = fc.oneof(
  fc.constantFrom(
    "path",
    "then",
    "constructor",
    "toString",
    "toJSON",
    "length",
    "0",
    "hasOwnProperty",
    "valueOf",
    "",
    "headers",
  ),
  fc.string({ maxLength: 3 }).filter((name) => name !== "__proto__"),
)
/** As it comes out of `parseUntrusted`: nothing in it is called `__proto__`. */
const json = jsonValue.map((value) =>
  JSON.parse(JSON.stringify(value), (name, inner) => (name === "__proto__" ? undefined : inner)),
)
const record = (names: fc.Arbitrary<string>): fc.Arbitrary<Arguments> =>
  fc.array(fc.tuple(names, json), { maxLength: 5 }).map((entries) => Object.fromEntries(entries))
const flatArguments = record(key.filter(isFlat))
const anyArguments = record(fc.oneof(key, fc.constantFrom(...RESERVED)))

/** Ways to return what was given. */
const WHOLE: Readonly<Record<string, Hook>> = {
  "as it is": (payload) => payload,
  "as a promise": async (payload) => payload,
  frozen: (payload) => Object.freeze(payload),
  sealed: (payload) => Object.seal(payload),
  "in a proxy": (payload) => new Proxy(payload, {}),
  "its command and its payload": ({ cmd, payload, options }) => ({ cmd, payload, options }),
  "after a look at everything": (payload) => {
    JSON.stringify([
      payload,
      payload.payload,
      Object.entries(payload),
      Reflect.ownKeys(payload),
      Object.getOwnPropertyDescriptors(payload),
    ])
    return payload
  },
}
const COPIES: Readonly<Record<string, Hook>> = {
  spread: (payload) => ({ ...payload }),
  assigned: (payload) => Object.assign({}, payload),
  cloned: (payload) => structuredClone(payload),
  "through JSON": (payload) => JSON.parse(JSON.stringify(payload)),
  "from its entries": (payload) => Object.fromEntries(Object.entries(payload)),
}

const edit = fc.record({
  view: fc.constantFrom("flat", "nested"),
  does: fc.constantFrom("set", "delete", "define", "change inside"),
  name: key.filter(isFlat),
  value: json,
})

export const hook: Target = {
  name: "hook",
  properties: [
    property(
      "a hook that returns what it was given forwards exactly the arguments",
      fc.tuple(fc.constantFrom(...Object.keys(WHOLE)), anyArguments),
      async ([how, args]) =>
        assert.deepEqual(await pass(WHOLE[how] as Hook, structuredClone(args)), { cmd: "act", args }),
    ),
    property(
      "a hook that returns a copy of what it was given forwards exactly the arguments",
      fc.tuple(fc.constantFrom(...Object.keys(COPIES)), flatArguments),
      async ([how, args]) =>
        assert.deepEqual(await pass(COPIES[how] as Hook, structuredClone(args)), { cmd: "act", args }),
    ),
    property(
      "each property of what a hook returns is read once, and what it said the first time is sealed",
      fc.tuple(anyArguments, flatArguments, fc.boolean(), fc.constantFrom("nested", "flat", "view", "hidden")),
      async ([args, flat, isProxy, how]) => {
        const asked = new Map<string, number>()
        const ask = (path: string): number => asked.set(path, (asked.get(path) ?? 0) + 1).get(path) as number
        const once = (value: unknown): Given => forgetful(value, ask, isProxy) as Given
        const result = await pass((payload) => {
          if (how === "nested") return once({ cmd: "act", payload: args })
          if (how === "flat") return once({ cmd: "act", ...flat })
          if (how === "hidden") return Object.defineProperty({ cmd: "act", ...flat }, "payload", { value: once(flat) })
          payload.payload = once(args)
          return payload
        }, {})
        const isSame = how === "flat" || how === "hidden"
        // Objects in both views cannot be shown to be the same.
        if (how !== "hidden" || !("refused" in result))
          assert.deepEqual(result, { cmd: "act", args: JSON.parse(JSON.stringify(isSame ? flat : args)) })
        assert.deepEqual(
          [...asked].filter(([, times]) => times > 1),
          [],
        )
      },
    ),
    property(
      "arguments without names are forwarded as they are",
      fc.tuple(
        fc.constantFrom("as it is", "as a promise", "frozen", "sealed", "in a proxy", "its command and its payload"),
        fc.oneof(
          fc.array(json),
          fc.string(),
          fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
          fc.boolean(),
          fc.uint8Array({ maxLength: 20 }),
        ),
      ),
      async ([how, args]) => {
        const given = args instanceof Uint8Array ? args.slice().buffer : structuredClone(args)
        const expected = args instanceof Uint8Array ? [...args] : args
        assert.deepEqual(await pass(WHOLE[how] as Hook, given), { cmd: "act", args: expected })
      },
    ),
    property(
      "what a hook changes through either view shows in the other, and is what is sealed",
      fc.tuple(
        flatArguments,
        fc.array(edit, { maxLength: 8 }),
        fc.constantFrom(...Object.keys(WHOLE), ...Object.keys(COPIES)),
        fc.oneof(fc.constant("act"), fc.string()),
      ),
      async ([args, edits, how, cmd]) => {
        const model: Arguments = structuredClone(args)
        const result = await pass((payload) => {
          for (const { view, does, name, value } of edits) {
            const through = view === "flat" ? payload : payload.payload
            if (does === "delete") {
              assert.ok(Reflect.deleteProperty(through, name))
              Reflect.deleteProperty(model, name)
            } else if (does === "change inside") {
              for (const holder of [through, model]) {
                const inner = Object.hasOwn(holder, name) ? holder[name] : null
                if (typeof inner === "object" && inner !== null) Object.assign(inner, { 0: structuredClone(value) })
              }
            } else {
              const descriptor = { value, writable: true, enumerable: true, configurable: true }
              if (does === "set") through[name] = value
              else Object.defineProperty(through, name, descriptor)
              Object.defineProperty(model, name, descriptor)
            }
            assert.equal(Object.hasOwn(payload, name), Object.hasOwn(model, name))
            assert.deepEqual(payload[name], payload.payload[name])
            assert.deepEqual({ ...payload.payload }, model)
          }
          payload.cmd = cmd
          return (WHOLE[how] ?? COPIES[how])?.(payload)
        }, structuredClone(args))
        assert.deepEqual(result, { cmd, args: model })
      },
    ),
    property(
      "what is no object is refused, and nothing of the call is sealed",
      fc.tuple(flatArguments, fc.constantFrom(undefined, null, true, 0, "text", Symbol("s"), new Error("no"))),
      async ([args, returned]) => {
        assert.match(
          JSON.stringify(await pass(() => returned, args)),
          /^\{"refused":"HOOK_(?:INVALID_RETURN|REFUSED): /,
        )
      },
    ),
  ],
}
