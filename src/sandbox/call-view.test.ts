import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { makeCloneable } from "./call-view.ts"
import { ALL, type Given, pass, rows } from "./hooked-call.fixture.ts"

makeCloneable()

describe("a hook that works on one view", () => {
  rows([
    [
      "writes flat",
      (payload) => {
        payload.path = "q"
        return payload
      },
      { path: "q", other: 1 },
    ],
    [
      "writes nested",
      (payload) => {
        payload.payload.path = "q"
        return payload
      },
      { path: "q", other: 1 },
    ],
    [
      "adds flat",
      (payload) => {
        payload.added = 1
        return payload
      },
      { ...ALL, added: 1 },
    ],
    [
      "adds nested",
      (payload) => {
        payload.payload.added = 1
        return payload
      },
      { ...ALL, added: 1 },
    ],
    [
      "deletes flat",
      (payload) => {
        delete payload.path
        return payload
      },
      { other: 1 },
    ],
    [
      "deletes nested",
      (payload) => {
        delete payload.payload.path
        return payload
      },
      { other: 1 },
    ],
    [
      "defines a property nested",
      (payload) => {
        Object.defineProperty(payload.payload, "path", { value: "q", enumerable: true })
        return payload
      },
      { path: "q", other: 1 },
    ],
    [
      "defines a new property nested, which is hidden",
      (payload) => {
        Object.defineProperty(payload.payload, "hidden", { value: 1 })
        return payload
      },
      ALL,
    ],
    [
      "assigns nested",
      (payload) => {
        Object.assign(payload.payload, { path: "q" })
        return payload
      },
      { path: "q", other: 1 },
    ],
    [
      "sorts out names nested",
      (payload) => {
        for (const name of Object.keys(payload.payload)) if (name !== "path") delete payload.payload[name]
        return payload
      },
      { path: "p" },
    ],
    [
      "sorts out names with for in",
      (payload) => {
        for (const name in payload.payload) if (name !== "path") delete payload.payload[name]
        return payload
      },
      { path: "p" },
    ],
    [
      "sets payload",
      (payload) => {
        payload.payload = { all: "new" }
        return payload
      },
      { all: "new" },
    ],
    [
      "sets payload to a copy of itself",
      (payload) => {
        payload.payload = { ...payload.payload, path: "q" }
        return payload
      },
      { path: "q", other: 1 },
    ],
    [
      "sets payload to itself",
      (payload) => {
        const { payload: args } = payload
        args.path = "q"
        payload.payload = args
        return payload
      },
      { path: "q", other: 1 },
    ],
    [
      "sets payload to itself in a proxy",
      (payload) => {
        payload.payload = new Proxy(payload.payload, {})
        return payload
      },
      ALL,
    ],
    [
      "sets payload to a Map",
      (payload) => {
        payload.payload = new Map([["a", 1]]) as never
        return payload
      },
      { a: 1 },
    ],
    [
      "sets payload, then writes flat",
      (payload) => {
        payload.payload = { a: 1 }
        payload.a = 2
        return payload
      },
      { a: 2 },
    ],
    [
      "sets payload, then writes nested",
      (payload) => {
        payload.payload = { a: 1 }
        payload.payload.a = 2
        return payload
      },
      { a: 2 },
    ],
    [
      "sets payload, then writes to what it set",
      (payload) => {
        const args: Record<string, unknown> = { a: 1 }
        payload.payload = args
        args.a = 2
        return payload
      },
      { a: 2 },
    ],
    [
      "sets payload, then adds to what it set",
      (payload) => {
        const args: Record<string, unknown> = { a: 1 }
        payload.payload = args
        args.b = 2
        return payload
      },
      { a: 1, b: 2 },
    ],
    [
      "sets payload, then deletes from what it set",
      (payload) => {
        const args: Record<string, unknown> = { a: 1 }
        payload.payload = args
        delete args.a
        return payload
      },
      {},
    ],
    [
      "sets payload, then writes deep into what it set",
      (payload) => {
        const args = { a: { b: 1 } }
        payload.payload = args
        args.a.b = 2
        return payload
      },
      { a: { b: 2 } },
    ],
    [
      "sets payload to a list",
      (payload) => {
        payload.payload = [1] as never
        return payload
      },
      [1],
    ],
    [
      "sets payload to bytes",
      (payload) => {
        payload.payload = Uint8Array.of(1) as never
        return payload
      },
      [1],
    ],
    [
      "sets payload to null",
      (payload) => {
        payload.payload = null as never
        return payload
      },
      null,
    ],
    [
      "freezes payload.payload",
      (payload) => {
        Object.freeze(payload.payload)
        return payload
      },
      ALL,
    ],
    [
      "freezes payload.payload and looks at it",
      (payload) => {
        Object.freeze(payload.payload)
        if (!Object.isFrozen(payload.payload)) throw new Error("not frozen")
        return { cmd: "act", payload: { ...payload.payload } }
      },
      ALL,
    ],
    [
      "freezes payload.payload and writes flat",
      (payload) => {
        Object.freeze(payload.payload)
        payload.path = "q"
        return payload
      },
      /^HOOK_REFUSED: /,
    ],
    [
      "freezes payload.payload and adds flat",
      (payload) => {
        Object.freeze(payload.payload)
        payload.added = 1
        return payload
      },
      /^HOOK_REFUSED: /,
    ],
    [
      "freezes payload.payload and changes cmd",
      (payload) => {
        Object.freeze(payload.payload)
        payload.cmd = "other"
        return payload
      },
      ALL,
    ],
    [
      "freezes payload and looks at payload.payload",
      (payload) => {
        Object.freeze(payload)
        return { cmd: "act", payload: { ...payload.payload } }
      },
      ALL,
    ],
    [
      "freezes payload and clones payload.payload",
      (payload) => {
        Object.freeze(payload)
        return { cmd: "act", payload: structuredClone(payload.payload) }
      },
      ALL,
    ],
    [
      "freezes both",
      (payload) => {
        Object.freeze(payload)
        Object.freeze(payload.payload)
        return payload
      },
      ALL,
    ],
    [
      "seals payload.payload",
      (payload) => {
        Object.seal(payload.payload)
        payload.path = "q"
        return payload
      },
      { path: "q", other: 1 },
    ],
  ])

  test("sees each name in both, and the five in none but their own", async () => {
    let seen: unknown
    await pass((payload) => {
      assert.deepEqual([payload.callback, payload.error], [7, 7])
      seen = [
        Object.keys(payload),
        Object.keys(payload.payload),
        "path" in payload,
        "path" in payload.payload,
        "nothing" in payload.payload,
        payload.payload.path,
      ]
      return payload
    })
    assert.deepEqual(seen, [["cmd", "callback", "error", "path"], ["path"], true, true, false, "p"])
  })

  test("sees what the other view changed", async () => {
    const seen: unknown[] = []
    await pass((payload) => {
      const { payload: args } = payload
      payload.path = "flat"
      seen.push(args.path)
      args.path = "nested"
      seen.push(payload.path)
      delete args.path
      seen.push("path" in payload, Object.keys(payload))
      payload.added = 1
      seen.push(Object.entries(args), JSON.stringify(args), { ...args }, structuredClone(args))
      return payload
    })
    assert.deepEqual(seen, [
      "flat",
      "nested",
      false,
      ["cmd", "callback", "error"],
      [["added", 1]],
      '{"added":1}',
      { added: 1 },
      { added: 1 },
    ])
  })
})

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
