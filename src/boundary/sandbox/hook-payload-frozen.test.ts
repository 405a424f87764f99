import { describe } from "node:test"
import { makeCloneable } from "./hook-payload.ts"
import { ALL, rows } from "./hook-result.fixture.ts"

makeCloneable()

describe("a hook that freezes what it was given", () => {
  rows([
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
})
