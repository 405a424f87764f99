import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { makeCloneable } from "./hook-payload.ts"
import { ALL, type Given, pass, rows } from "./hook-result.fixture.ts"

makeCloneable()

const write = (object: object, name: string, value: unknown): boolean => Reflect.set(object, name, value)
const returned = (payload: Given, _change: boolean): Given => payload
const copyOf = (payload: Given): Given =>
  Object.create(Object.prototype, Object.getOwnPropertyDescriptors(payload)) as Given
const TWO_ANSWERS = /^HOOK_INVALID_RETURN: "path" stands beside "payload"/

describe("a hook whose change stands in one view only is never answered with what it changed:", () => {
  rows([
    ["a copy by descriptors, written flat", (payload) => Object.assign(copyOf(payload), { path: "safe" }), TWO_ANSWERS],
    [
      "a copy by descriptors, deleted flat",
      (payload) => {
        const copy = copyOf(payload)
        delete copy.path
        return copy
      },
      TWO_ANSWERS,
    ],
    [
      "a copy by descriptors, with another payload",
      (payload) => Object.assign(copyOf(payload), { payload: { path: "safe" } }),
      { path: "safe" },
    ],
    ["a copy by descriptors, as it is", (payload) => copyOf(payload), ALL],
    [
      "a proxy that answers for the view",
      (payload) => new Proxy(payload, { get: (call, name) => (name === "path" ? "safe" : Reflect.get(call, name)) }),
      TWO_ANSWERS,
    ],
    [
      "a proxy, written through",
      (payload) => Object.assign(new Proxy(payload, {}), { path: "safe" }),
      { ...ALL, path: "safe" },
    ],
    [
      "sealed, then written flat",
      (payload) => returned(payload, write(Object.seal(payload), "path", "safe")),
      TWO_ANSWERS,
    ],
    [
      "not extensible, then written flat",
      (payload) => returned(payload, write(Object.preventExtensions(payload), "path", "safe")),
      TWO_ANSWERS,
    ],
    [
      "not extensible, then deleted flat",
      (payload) => returned(payload, Reflect.deleteProperty(Object.preventExtensions(payload), "path")),
      TWO_ANSWERS,
    ],
    [
      "frozen, then written nested",
      (payload) => returned(payload, write(Object.freeze(payload).payload, "path", "safe")),
      { ...ALL, path: "safe" },
    ],
    [
      "frozen, then deleted nested",
      (payload) => returned(payload, Reflect.deleteProperty(Object.freeze(payload).payload, "path")),
      { other: 1 },
    ],
    [
      "frozen, then written flat, which writes nothing",
      (payload) => returned(payload, write(Object.freeze(payload), "path", "q")),
      ALL,
    ],
    [
      "a list in the arguments' place, then written flat",
      (payload) => returned(payload, write(Object.assign(payload, { payload: [1] }), "path", "safe")),
      TWO_ANSWERS,
    ],
    [
      "payload deleted, then written flat",
      (payload) => {
        Reflect.deleteProperty(payload, "payload")
        return Object.assign(payload, { path: "safe" })
      },
      { path: "safe" },
    ],
  ])

  test("a copy or a frozen view keeps arguments that have a call's names", async () => {
    const args = { cmd: 1, payload: 2, options: 3, toString: 4, path: "p" }
    for (const hook of [copyOf, Object.freeze, Object.seal, (payload: Given) => new Proxy(payload, {})])
      assert.deepEqual(await pass(hook, { ...args }), { cmd: "act", args })
  })
})
