import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { makeCloneable } from "./hook-payload.ts"
import { type Given, type Hook, pass } from "./hook-result.fixture.ts"

makeCloneable()

/** A property of this name makes an object a promise to some. */
const THEN = "then"

/** Counts how often each getter is asked. The first answer is `value`; every later one is another. */
class Getters {
  readonly asked = new Map<string, number>()

  add<Type extends object>(object: Type, name: string, value: unknown, enumerable: boolean = true): Type {
    const label = `${name} ${this.asked.size}`
    this.asked.set(label, 0)
    const get = (): unknown => {
      const times = (this.asked.get(label) as number) + 1
      this.asked.set(label, times)
      return times === 1 ? value : "another answer"
    }
    return Object.defineProperty(object, name, { get, enumerable, configurable: true })
  }
}

const ROWS: readonly (readonly [
  name: string,
  hook: (getters: Getters, payload: Given) => unknown,
  expected: object,
])[] = [
  [
    "at the top level",
    (getters) => {
      const result = getters.add(getters.add({}, "cmd", "act"), "options", { headers: { "x-a": "1" } })
      for (const name of ["path", "then", "toJSON", "type"]) getters.add(result, name, name)
      return result
    },
    { args: { path: "path", [THEN]: "then", toJSON: "toJSON", type: "type" }, headers: { "x-a": "1" } },
  ],
  [
    "payload, and those inside it",
    (getters) => {
      const payload = getters.add(getters.add({}, "path", "q"), "inner", { list: [getters.add({}, "deep", [1])] })
      return getters.add({ cmd: "act" }, "payload", payload)
    },
    { args: { path: "q", inner: { list: [{ deep: [1] }] } } },
  ],
  [
    "inside payload beside what has to be replaced",
    (getters) => ({ cmd: "act", payload: { bytes: Uint8Array.of(1), list: getters.add({}, "path", "q") } }),
    { args: { bytes: [1], list: { path: "q" } } },
  ],
  [
    "headers, and those inside them",
    (getters) => ({
      cmd: "act",
      payload: {},
      options: getters.add({}, "headers", getters.add({}, "x-a", "1")),
    }),
    { args: {}, headers: { "x-a": "1" } },
  ],
  [
    "toJSON",
    (getters) => ({ cmd: "act", payload: getters.add({}, "toJSON", () => getters.add({}, "path", "q")) }),
    { args: { path: "q" } },
  ],
  [
    "in the view: arguments, and what the call's names say",
    (getters, payload) => {
      getters.add(payload.payload, "path", "q")
      getters.add(payload, "then", "now")
      getters.add(payload, "cmd", "act")
      return getters.add(payload, "options", { headers: { "x-a": "1" } })
    },
    { args: { path: "q", other: 1, [THEN]: "now" }, headers: { "x-a": "1" } },
  ],
  [
    "in the view: payload",
    (getters, payload) => getters.add(payload, "payload", getters.add({}, "path", "q")),
    { args: { path: "q" } },
  ],
  [
    "payload, in a proxy of the view",
    (getters, payload) => new Proxy(getters.add(payload, "payload", { path: "q" }), {}),
    { args: { path: "q" } },
  ],
  [
    "in a frozen view: payload",
    (getters, payload) => Object.freeze(getters.add(payload, "payload", getters.add({}, "path", "q"))),
    { args: { path: "q" } },
  ],
  [
    "in a hidden payload, with the same change beside it",
    (getters) =>
      Object.defineProperty({ cmd: "act", path: "q", other: 1 }, "payload", {
        value: getters.add({ other: 1 }, "path", "q"),
      }),
    { args: { other: 1, path: "q" } },
  ],
  [
    "then, of what is like a promise",
    (getters, payload) => Object.create(getters.add({}, THEN, (done: (value: unknown) => void) => done(payload))),
    { args: { path: "p", other: 1 } },
  ],
]

describe("what a hook returns is read once: a getter is asked once, and what it said is sealed:", () => {
  for (const [name, hook, expected] of ROWS)
    test(name, async () => {
      const getters = new Getters()
      const result = await pass((payload) => hook(getters, payload), { path: "p", other: 1 })
      assert.deepEqual(result, { cmd: "act", ...expected })
      for (const [label, times] of getters.asked) assert.equal(times, 1, label)
    })

  test("a proxy is asked for each of its properties once", async () => {
    const asked = new Map<PropertyKey, number>()
    const proxy = (target: object): object =>
      new Proxy(target, {
        get: (object, name) => {
          const times = (asked.get(name) ?? 0) + 1
          asked.set(name, times)
          return times === 1 ? Reflect.get(object, name) : "another answer"
        },
      })
    const hook: Hook = () =>
      proxy({
        cmd: "act",
        payload: proxy({ path: "q", list: proxy([7]) }),
        options: proxy({ headers: proxy({ a: "1" }) }),
      })
    assert.deepEqual(await pass(hook), { cmd: "act", args: { path: "q", list: [7] }, headers: { a: "1" } })
    for (const name of ["cmd", "payload", "options", "headers", "path", "list", "length", "0", "a"])
      assert.equal(asked.get(name), 1, name)
  })

  test("a changed argument beside a hidden payload that is more than its own properties is two answers", async () => {
    const payload = new (class {
      path = "q"
    })()
    const hook: Hook = () => Object.defineProperty({ cmd: "act", path: "q" }, "payload", { value: payload })
    assert.match(JSON.stringify(await pass(hook)), /HOOK_INVALID_RETURN.*stands beside/)
  })
})
