import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, mock, test } from "node:test"
import "./realm.fixture.ts"
import type { LogLine } from "../wire/messages.ts"
import { forwardConsole } from "./console.ts"

const LEVELS = ["debug", "info", "log", "warn", "error"] as const
const listeners = new Map<string, (event: object) => void>()
Object.assign(globalThis, {
  addEventListener: (name: string, listener: (event: object) => void) => void listeners.set(name, listener),
})

let lines: LogLine[] = []
let printed: unknown[][] = []
const original = { ...console }
beforeEach(() => {
  lines = []
  printed = []
  for (const level of LEVELS) console[level] = (...values: unknown[]) => void printed.push([level, ...values])
  mock.timers.enable({ apis: ["setTimeout"] })
  forwardConsole((line) => lines.push(line))
})
afterEach(() => {
  mock.timers.reset()
  Object.assign(console, original)
})

describe("the isolation app's console", () => {
  test("prints as ever, and passes each level on", () => {
    for (const level of LEVELS) console[level]("a", 1)
    assert.deepEqual(
      lines,
      LEVELS.map((level) => [level, "a 1"]),
    )
    assert.deepEqual(
      printed,
      LEVELS.map((level) => [level, "a", 1]),
    )
  })

  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  const wordless: Record<string, unknown> = Object.create(null)
  wordless.self = wordless
  for (const [name, value, expected] of [
    ["an object", { a: [1] }, '{"a":[1]}'],
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a BigInt", 1n, "1"],
    ["an error", new TypeError("no"), "TypeError: no"],
    ["a cycle", cycle, "(unprintable)"],
    ["what cannot be put into words", wordless, "(unprintable)"],
    [
      "an error that throws when it is looked at",
      Object.defineProperty(new Error(), "message", { get: () => wordless }),
      "(unprintable)",
    ],
  ] as const) {
    test(`takes ${name}`, () => {
      console.log(value)
      assert.deepEqual(lines, [["log", expected]])
    })
  }

  test("cuts lines after 2,000 characters", () => {
    console.log("x".repeat(5000))
    assert.equal(lines[0]?.[1].length, 2000)
  })

  test("passes 200 lines a second on, and then says how many it left out", () => {
    for (let index = 0; index < 1000; index++) console.log(index)
    assert.equal(lines.length, 200)
    mock.timers.tick(1000)
    assert.deepEqual(lines.at(-1), ["warn", "800 lines left out"])
    for (let index = 0; index < 1000; index++) console.log(index)
    assert.equal(lines.length, 201 + 199)
  })

  test("says nothing of lines left out when none were", () => {
    for (let index = 0; index < 200; index++) console.log(index)
    mock.timers.tick(1000)
    assert.equal(lines.length, 200)
  })

  test("passes uncaught errors and rejections on", () => {
    listeners.get("error")?.({ message: "Uncaught Error: a" })
    listeners.get("unhandledrejection")?.({ reason: new Error("b") })
    assert.deepEqual(lines, [
      ["error", "Uncaught Error: a"],
      ["error", "unhandled rejection: Error: b"],
    ])
  })
})
