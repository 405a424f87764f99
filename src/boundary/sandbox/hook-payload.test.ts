import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { makeCloneable } from "./hook-payload.ts"
import { ALL, pass, rows } from "./hook-result.fixture.ts"

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
      "puts a proxy in the place of the arguments, which has another answer",
      (payload) => {
        payload.payload = new Proxy({ ...payload.payload }, { get: () => "safe" })
        return payload
      },
      { path: "safe", other: "safe" },
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
