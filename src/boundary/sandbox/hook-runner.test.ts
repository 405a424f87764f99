import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { ALL, block, type Given, type Hook, LIMITS, pass, rows, thenable } from "./hook-result.fixture.ts"
import { passCall } from "./pass-call.ts"
import { setHook } from "./realm.fixture.ts"

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
      passCall(
        { id: 7, cmd: "act", args: {}, headers: null },
        { label: "main", limits: { ...LIMITS, hookTimeoutMs: 10 } },
        () => ends.push("passed"),
        ({ code }) => ends.push(code),
      )
      await finished
      await new Promise((resolve) => setImmediate(resolve))
      assert.deepEqual(ends, ["HOOK_TIMEOUT"])
    })
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
