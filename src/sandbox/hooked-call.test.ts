import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { makeCloneable } from "./call-view.ts"
import { guardCall } from "./guard.ts"
import { HookRunner } from "./hook.ts"
import { setHook } from "./realm.fixture.ts"

makeCloneable()

/** The object a hook gets, as its author sees it. */
type Given = Record<string, unknown> & {
  cmd: string
  callback?: number
  payload: Record<string, unknown>
  options?: { headers?: Record<string, string> } | undefined
}
type Hook = (payload: Given, context: { window: string }) => unknown

const LIMITS = { jsonBytes: 100_000, blobBytes: 1000, nesting: 20, hookTimeoutMs: 10_000 }
/** For hooks that are to be late; any other may wait for a busy machine. */
const SHORT_MS = 50

/** What came of a call: what would be sealed, or why not. */
type Result = { cmd: string; args: unknown; headers?: unknown } | { code: string; detail: string }

function pass(
  hook: Hook | null,
  args: unknown = { path: "p" },
  headers: Record<string, string> | null = null,
  timeoutMs: number = LIMITS.hookTimeoutMs,
): Promise<Result> {
  setHook(hook)
  return new Promise((resolve) => {
    guardCall(
      { id: 7, cmd: "act", args, headers },
      new HookRunner("main", timeoutMs),
      LIMITS,
      ({ head, blob }) => {
        const [id, cmd, json, normalized] = JSON.parse(`${head}]`)
        assert.equal(id, 7)
        resolve({ cmd, args: blob === null ? json : [...blob], ...(normalized ? { headers: normalized } : {}) })
      },
      ({ code, message }) => resolve({ code, detail: message }),
    )
  })
}

/** What a hook does, the arguments it is called with (default `{ path: "p" }`), and what comes of it. */
type Row = readonly [name: string, hook: Hook | null, expected: unknown, args?: unknown]
const rows = (list: readonly Row[]): void => {
  for (const [name, hook, expected, args] of list) {
    test(`${name}: ${expected instanceof RegExp ? expected : JSON.stringify(expected)}`, async () => {
      const isLate = expected instanceof RegExp && expected.source.includes("HOOK_TIMEOUT")
      const given = args === undefined ? { path: "p", other: 1 } : structuredClone(args)
      const result = await pass(hook, given, null, isLate ? SHORT_MS : LIMITS.hookTimeoutMs)
      if ("code" in result) {
        if (expected instanceof RegExp) assert.match(`${result.code}: ${result.detail}`, expected)
        else assert.fail(`${result.code}: ${result.detail}`)
      } else assert.deepEqual(result.args, expected)
    })
  }
}
const ALL = { path: "p", other: 1 }

describe("a hook that returns what it was given", () => {
  rows([
    ["as it is", (payload) => payload, ALL],
    ["as a promise", async (payload) => payload, ALL],
    ["later", (payload) => new Promise((resolve) => setTimeout(resolve, 5, payload)), ALL],
    ["as a thenable that is no promise", (payload) => thenable((done) => done(payload)), ALL],
    ["and no hook is set on purpose", null, ALL],
    ["frozen", (payload) => Object.freeze(payload), ALL],
    ["sealed", (payload) => Object.seal(payload), ALL],
    ["in a proxy", (payload) => new Proxy(payload, {}), ALL],
    [
      "after a look at everything",
      (payload) => {
        JSON.stringify([payload, payload.payload, Object.entries(payload)])
        return payload
      },
      ALL,
    ],
  ])
})

describe("a hook that refuses", () => {
  rows([
    [
      "throws an Error",
      () => {
        throw new Error("no")
      },
      /^HOOK_REFUSED: no$/,
    ],
    [
      "throws text",
      () => {
        throw "no"
      },
      /^HOOK_REFUSED: no$/,
    ],
    [
      "throws null",
      () => {
        throw null
      },
      /^HOOK_REFUSED: null$/,
    ],
    [
      "throws what cannot be put in words",
      () => {
        throw Object.create(null)
      },
      /^HOOK_REFUSED: /,
    ],
    [
      "rejects",
      async () => {
        throw new RangeError("later")
      },
      /^HOOK_REFUSED: later$/,
    ],
    [
      "rejects with what cannot be put in words",
      async () => {
        throw Object.create(null)
      },
      /^HOOK_REFUSED: /,
    ],
    ["rejects with a symbol", () => Promise.reject(Symbol("no")), /^HOOK_REFUSED: /],
    ["returns an Error", () => new Error("no"), /^HOOK_REFUSED: no$/],
    ["resolves with an Error", async () => new TypeError("no"), /^HOOK_REFUSED: no$/],
    ["returns null", () => null, /^HOOK_INVALID_RETURN: it is null$/],
    ["returns nothing", () => {}, /^HOOK_INVALID_RETURN: it is undefined$/],
    ["resolves with nothing", async () => {}, /^HOOK_INVALID_RETURN: it is undefined$/],
    ["returns a number", () => 7, /^HOOK_INVALID_RETURN: it is number$/],
    ["returns true", () => true, /^HOOK_INVALID_RETURN: it is boolean$/],
    ["returns text", () => "act", /^HOOK_INVALID_RETURN: it is string$/],
    ["returns a function", () => () => 1, /^HOOK_INVALID_RETURN: it is function$/],
    ["returns an object without cmd", () => ({ path: "p" }), /^HOOK_INVALID_RETURN: its cmd is no string$/],
    ["returns a list", () => ["act"], /^HOOK_INVALID_RETURN: its cmd is no string$/],
    [
      "sets cmd to a number",
      (payload) => Object.assign(payload, { cmd: 7 }),
      /^HOOK_INVALID_RETURN: its cmd is no string$/,
    ],
    [
      "deletes cmd",
      (payload) => {
        delete (payload as { cmd?: string }).cmd
        return payload
      },
      /^HOOK_INVALID_RETURN: its cmd is no string$/,
    ],
    [
      "returns a cycle",
      (payload) => Object.assign(payload, { self: payload.payload, list: [payload] }),
      /^HOOK_INVALID_RETURN: /,
    ],
    ["returns a BigInt", (payload) => Object.assign(payload, { n: 1n }), /^HOOK_INVALID_RETURN: /],
    [
      "returns a getter that throws",
      () => ({
        cmd: "act",
        get a() {
          throw new Error("no")
        },
      }),
      /^HOOK_INVALID_RETURN: Error: no$/,
    ],
    [
      "returns headers that are none",
      () => ({ cmd: "act", payload: {}, options: { headers: { "a b": "c" } } }),
      /^HOOK_INVALID_RETURN: /,
    ],
    [
      "returns too deep arguments",
      () => ({ cmd: "act", a: JSON.parse("[".repeat(20) + "]".repeat(20)) }),
      /^NESTING_TOO_DEEP: $/,
    ],
    ["returns too much", () => ({ cmd: "act", a: "x".repeat(100_000) }), /^JSON_TOO_LARGE: $/],
    ["returns too many bytes", () => ({ cmd: "act", payload: new Uint8Array(1001) }), /^BLOB_TOO_LARGE: $/],
    ["never settles", () => new Promise(() => {}), /^HOOK_TIMEOUT: $/],
    ["settles too late", (payload) => new Promise((resolve) => setTimeout(resolve, 90, payload)), /^HOOK_TIMEOUT: $/],
    [
      "blocks too long",
      (payload) => {
        block(70)
        return payload
      },
      /^HOOK_TIMEOUT: $/,
    ],
    [
      "blocks too long and throws",
      () => {
        block(70)
        throw new Error("no")
      },
      /^HOOK_TIMEOUT: $/,
    ],
    [
      "blocks too long after its promise was made",
      async (payload) => {
        await null
        block(70)
        return payload
      },
      /^HOOK_TIMEOUT: $/,
    ],
    [
      "blocks too long after its promise was made, and throws",
      async () => {
        await null
        block(70)
        throw new Error("no")
      },
      /^HOOK_TIMEOUT: $/,
    ],
    ["returns a thenable that never calls back", () => thenable(() => {}), /^HOOK_TIMEOUT: $/],
    [
      "returns a thenable that throws",
      () =>
        thenable(() => {
          throw new Error("no")
        }),
      /^HOOK_REFUSED: no$/,
    ],
    [
      "returns what throws when asked for then",
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error("no")
            },
          },
        ),
      /^HOOK_REFUSED: no$/,
    ],
  ])

  for (const [name, hook] of [
    ["missing", undefined],
    ["a number", 7],
  ] as const) {
    test(`because it is ${name}: HOOK_MISSING`, async () => {
      assert.deepEqual(await pass(hook as never), { code: "HOOK_MISSING", detail: "" })
    })
  }
})

describe("a hook that makes another object", () => {
  rows([
    ["with flat arguments", ({ path }) => ({ cmd: "act", path, added: true }), { path: "p", added: true }],
    ["without callback and error", ({ cmd }) => ({ cmd }), {}],
    ["with payload", ({ cmd, payload }) => ({ cmd, payload: { only: payload.path } }), { only: "p" }],
    ["with payload: undefined", ({ cmd }) => ({ cmd, payload: undefined }), null],
    ["with payload: null", ({ cmd }) => ({ cmd, payload: null }), null],
    ["with payload: a list", ({ cmd }) => ({ cmd, payload: [1] }), [1]],
    ["with payload: bytes", ({ cmd }) => ({ cmd, payload: Uint8Array.of(1, 2) }), [1, 2]],
    ["by spreading", (payload) => ({ ...payload, added: 1 }), { ...ALL, added: 1 }],
    ["by spreading, and the payload beside it", (payload) => ({ ...payload, payload: payload.payload }), ALL],
    [
      "by spreading, and a changed payload beside it",
      (payload) => ({ ...payload, payload: { ...payload.payload, path: "q" } }),
      { path: "q", other: 1 },
    ],
    [
      "with two answers",
      (payload) => ({ ...payload, path: "q", payload: {} }),
      /^HOOK_INVALID_RETURN: "path" stands beside "payload"/,
    ],
    [
      "with the same change in both, which it has no need of",
      (payload) => ({ ...payload, path: "q", payload: { ...payload.payload, path: "q" } }),
      /^HOOK_INVALID_RETURN: "path" stands beside "payload"/,
    ],
    [
      "with a new flat name beside payload",
      (payload) => ({ ...payload, added: 1, payload: payload.payload }),
      /^HOOK_INVALID_RETURN: "added" stands beside/,
    ],
    ["by rest, which leaves out", ({ path, ...rest }) => rest, { other: 1 }],
    ["by Object.assign", (payload) => Object.assign({}, payload, { path: "q" }), { path: "q", other: 1 }],
    ["by structuredClone", (payload) => structuredClone(payload), ALL],
    ["by JSON and back", (payload) => JSON.parse(JSON.stringify(payload)), ALL],
    ["by Object.fromEntries", (payload) => Object.fromEntries(Object.entries(payload)), ALL],
    ["that inherits from the first", (payload) => Object.create(payload), {}],
    [
      "of a class, own properties only",
      () =>
        new (class {
          cmd = "act"
          a = 1
          get b(): number {
            return 2
          }
        })(),
      { a: 1 },
    ],
    ["without prototype", () => Object.assign(Object.create(null), { cmd: "act", a: 1 }), { a: 1 }],
    ["with a hidden property", () => Object.defineProperty({ cmd: "act", a: 1 }, "b", { value: 2 }), { a: 1 }],
    ["with a Map", () => ({ cmd: "act", a: new Map([["b", 1]]) }), { a: { b: 1 } }],
    ["with a clone of payload.payload", ({ cmd, payload }) => ({ cmd, payload: structuredClone(payload) }), ALL],
  ])

  test("chooses the command, whose text cannot end the tuple", async () => {
    const cmd = 'a",{"b":1}],[8,"\\\u2028'
    assert.deepEqual(await pass(() => ({ cmd, c: 1 })), { cmd, args: { c: 1 } })
  })

  test("chooses the command", async () => {
    assert.equal(((await pass(() => ({ cmd: "other" }))) as { cmd: string }).cmd, "other")
    assert.equal(((await pass((payload) => Object.assign(payload, { cmd: "other" }))) as { cmd: string }).cmd, "other")
  })
})

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

/** How a script without "use strict" writes: what cannot be written is passed over in silence. */
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

describe("arguments with a name that means something", () => {
  for (const name of [
    "cmd",
    "payload",
    "options",
    "callback",
    "error",
    "then",
    "toJSON",
    "constructor",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "prototype",
    "name",
    "length",
  ]) {
    for (const value of ["text", null, { headers: { a: "b" } }, 7]) {
      const args = { [name]: value, path: "p" }
      test(`${name}: ${JSON.stringify(value)} passes, and so when it is cloned, and changed`, async () => {
        const expected = { cmd: "act", args }
        const ways: Hook[] = [
          (payload) => payload,
          async (payload) => payload,
          ({ cmd, payload }) => ({ cmd, payload }),
          ({ cmd, payload }) => ({ cmd, payload: structuredClone(payload) }),
          ({ cmd, payload }) => ({ cmd, payload: { ...payload } }),
          (payload) => Object.freeze(payload),
        ]
        for (const hook of ways) assert.deepEqual(await pass(hook, { ...args }), expected, String(hook))
        const change: Hook = (payload) => {
          assert.deepEqual(payload.payload[name], value)
          payload.payload[name] = "changed"
          assert.equal(payload.payload[name], "changed")
          return payload
        }
        assert.deepEqual(await pass(change, { ...args }), { cmd: "act", args: { ...args, [name]: "changed" } })
        const remove: Hook = (payload) => {
          delete payload.payload[name]
          return payload
        }
        assert.deepEqual(await pass(remove, { ...args }), { cmd: "act", args: { path: "p" } })
      })
    }
  }

  for (const name of [
    "then",
    "toJSON",
    "constructor",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "prototype",
    "name",
    "length",
  ]) {
    test(`${name}: is there flat, too, and is spread and enumerated`, async () => {
      const args = { [name]: "text", path: "p" }
      const hook: Hook = (payload) => {
        assert.deepEqual([payload[name], Object.keys(payload)], ["text", ["cmd", "callback", "error", name, "path"]])
        return { ...payload }
      }
      assert.deepEqual(await pass(hook, args), { cmd: "act", args })
    })
  }

  test("cannot change what is run: cmd in the arguments is an argument", async () => {
    assert.deepEqual(await pass((payload) => payload, { cmd: "other", payload: { cmd: "third" } }), {
      cmd: "act",
      args: { cmd: "other", payload: { cmd: "third" } },
    })
  })
})

describe("raw bytes, lists and bare values", () => {
  rows([
    ["bytes pass", (payload) => payload, [1, 2], Uint8Array.of(1, 2).buffer],
    [
      "bytes changed in place",
      (payload) => {
        new Uint8Array(payload.payload as never)[0] = 9
        return payload
      },
      [9, 2],
      Uint8Array.of(1, 2).buffer,
    ],
    [
      "bytes, a part of them",
      (payload) => ({ ...payload, payload: new Uint8Array(payload.payload as never, 1) }),
      [2],
      Uint8Array.of(1, 2).buffer,
    ],
    ["bytes, spread", (payload) => ({ ...payload }), [1, 2], Uint8Array.of(1, 2).buffer],
    ["bytes, for which the hook puts arguments", ({ cmd }) => ({ cmd, a: 1 }), { a: 1 }, Uint8Array.of(1, 2).buffer],
    ["a list passes", (payload) => payload, [1, [2]], [1, [2]]],
    [
      "a list that grows",
      (payload) => {
        ;(payload.payload as unknown as unknown[]).push(3)
        return payload
      },
      [1, 3],
      [1],
    ],
    ["a number passes", (payload) => payload, 7, 7],
    ["text passes", (payload) => payload, "text", "text"],
    ["flat names beside a list", (payload) => ({ ...payload, added: 1 }), /^HOOK_INVALID_RETURN: "added"/, [1]],
  ])

  test("what is sealed is a copy: the hook cannot write to it afterwards", async () => {
    let bytes = new Uint8Array()
    const result = pass((payload) => {
      bytes = new Uint8Array(payload.payload as never)
      setTimeout(() => bytes.fill(9))
      return payload
    }, Uint8Array.of(1, 2).buffer)
    await new Promise((resolve) => setTimeout(resolve, 10))
    assert.deepEqual(await result, { cmd: "act", args: [1, 2] })
  })
})

describe("headers", () => {
  const given = { "x-a": "1" }
  for (const [name, hook, headers] of [
    ["pass", (payload) => payload, given],
    [
      "are seen, and added to",
      (payload) => {
        payload.options = { headers: { ...payload.options?.headers, "X-B": "2" } }
        return payload
      },
      { "x-a": "1", "x-b": "2" },
    ],
    [
      "changed in place",
      (payload) => {
        ;(payload.options?.headers as Record<string, string>)["x-a"] = "2"
        return payload
      },
      { "x-a": "2" },
    ],
    [
      "taken away",
      (payload) => {
        payload.options = undefined
        return payload
      },
      undefined,
    ],
    ["that a new object does not hold are gone", ({ cmd }) => ({ cmd }), undefined],
    ["that a new object holds", ({ cmd, options, payload }) => ({ cmd, payload, options }), given],
    ["when options is null", ({ cmd, payload }) => ({ cmd, payload, options: null }), undefined],
    ["when options is text", ({ cmd, payload }) => ({ cmd, payload, options: "text" }), undefined],
  ] as readonly (readonly [string, Hook, unknown])[]) {
    test(`${name}`, async () => {
      const result = await pass(hook, { path: "p" }, { ...given })
      assert.deepEqual((result as { headers?: unknown }).headers, headers)
    })
  }
})

describe("one serialization", () => {
  test("what answers differently each time is asked once", async () => {
    let reads = 0
    const count = { get: () => ++reads, enumerable: true, configurable: true }
    const hooks: Hook[] = [
      (payload) => Object.defineProperty(payload, "path", count),
      (payload) => Object.defineProperty({ ...payload }, "path", count),
      ({ cmd }) => ({
        cmd,
        get payload() {
          return { path: ++reads }
        },
      }),
    ]
    for (const hook of hooks) {
      reads = 0
      assert.equal(((await pass(hook)) as { args: { path: number } }).args.path, 1)
      assert.equal(reads, 1)
    }
  })

  test("the command is read once", async () => {
    let reads = 0
    const hook: Hook = () => ({
      get cmd() {
        return ++reads === 1 ? "first" : "second"
      },
    })
    assert.equal(((await pass(hook)) as { cmd: string }).cmd, "first")
  })

  test("what the hook changes after it returned changes nothing", async () => {
    const hook: Hook = (payload) => {
      queueMicrotask(() => {
        payload.path = "changed"
        payload.cmd = "other"
      })
      return payload
    }
    assert.deepEqual(await pass(hook), { cmd: "act", args: { path: "p" } })
  })
})

describe("each call ends once", () => {
  for (const [name, late] of [
    ["resolves", (payload: Given) => payload],
    ["rejects", () => Promise.reject(new Error("late"))],
  ] as const) {
    test(`although its hook ${name} after the time-out`, async () => {
      let finished: Promise<unknown> | undefined
      const ends: string[] = []
      setHook((payload: Given) => {
        const result = new Promise((resolve) => setTimeout(resolve, 40)).then(() => late(payload))
        finished = result.catch(() => {})
        return result
      })
      guardCall(
        { id: 7, cmd: "act", args: {}, headers: null },
        new HookRunner("main", 10),
        LIMITS,
        () => ends.push("passed"),
        ({ code }) => ends.push(code),
      )
      await finished
      await new Promise((resolve) => setImmediate(resolve))
      assert.deepEqual(ends, ["HOOK_TIMEOUT"])
    })
  }
})

describe("a call is as large as jsonBytes allows, less 256 bytes for what the frame has around it:", () => {
  const SIZE = LIMITS.jsonBytes - 256 - '[7,"act",{"text":""}'.length
  for (const [name, text, code] of [
    ["as many bytes as that pass", "x".repeat(SIZE), undefined],
    ["one more is refused", "x".repeat(SIZE + 1), "JSON_TOO_LARGE"],
    ["characters of three bytes count as three", "世".repeat(SIZE / 3 + 1), "JSON_TOO_LARGE"],
    ["and pass where there is room", "世".repeat(SIZE / 3), undefined],
  ] as const) {
    test(name, async () => assert.equal(((await pass(null, { text })) as { code?: string }).code, code))
  }
})

describe("a hook's second parameter", () => {
  test("is the window's label, and cannot be changed", async () => {
    const hook: Hook = (payload, context) => {
      assert.deepEqual(context, { window: "main" })
      assert.ok(Object.isFrozen(context))
      return payload
    }
    assert.deepEqual(await pass(hook), { cmd: "act", args: { path: "p" } })
  })
})

/** Something with a `then` of its own: what a hook returns need not be a promise. */
function thenable(then: (done: (value: unknown) => void) => void): object {
  const result: Record<string, unknown> = {}
  const name = "then"
  result[name] = then
  return result
}

function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}
