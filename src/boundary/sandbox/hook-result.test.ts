import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { withPolluted } from "../wire/polluted.fixture.ts"
import { makeCloneable } from "./hook-payload.ts"
import { ALL, type Hook, pass, rows } from "./hook-result.fixture.ts"

makeCloneable()

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
    ["that inherits from the first", (payload) => Object.create(payload), /^HOOK_INVALID_RETURN: its cmd is no string/],
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

describe("a hook on a polluted Object.prototype", () => {
  const polluted = {
    cmd: "wipe_disk",
    options: { headers: { "x-admin": "1" } },
    headers: { "x-admin": "1" },
    payload: { path: "/" },
    value: { path: "/" },
    path: "/",
    get: 1,
  }
  for (const [name, hook, expected] of [
    ["that returns what it was given", (payload) => payload, { cmd: "act", args: { other: 1 } }],
    ["that returns a clone", (payload) => ({ ...payload }), { cmd: "act", args: { other: 1 } }],
    ["that freezes what it was given", (payload) => Object.freeze(payload), { cmd: "act", args: { other: 1 } }],
    ["that makes options", (payload) => Object.assign(payload, { options: {} }), { cmd: "act", args: { other: 1 } }],
    ["that returns a call without arguments", ({ cmd }) => ({ cmd }), { cmd: "act", args: {} }],
    ["that returns no command", () => ({}), { code: "HOOK_INVALID_RETURN", detail: "its cmd is no string" }],
  ] as readonly (readonly [string, Hook, unknown])[])
    test(`${name} adds nothing of it to the call`, async () => {
      let result: ReturnType<typeof pass> | undefined
      withPolluted(polluted, () => {
        result = pass(hook, { other: 1 })
      })
      assert.deepEqual(await result, expected)
    })

  test("is missing where none was set: a null on it does not mean that all pass", async () => {
    Reflect.deleteProperty(globalThis, "__TAURI_ISOLATION_HOOK__")
    const { hookState } = await import("./hook-runner.ts")
    assert.equal(
      withPolluted({ __TAURI_ISOLATION_HOOK__: null }, () => hookState()),
      "missing",
    )
  })
})
