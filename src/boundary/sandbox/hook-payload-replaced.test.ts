import { describe } from "node:test"
import { makeCloneable } from "./hook-payload.ts"
import { ALL, rows } from "./hook-result.fixture.ts"

makeCloneable()

describe("a hook that puts other arguments in the place of what it was given", () => {
  rows([
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
  ])
})
