import assert from "node:assert/strict"
import { test } from "node:test"
import { rememberingTerminal } from "../src/cli/terminal.fixture.ts"
import { Progress } from "./progress.ts"
import { NOTHING } from "./run-suite.ts"

const FAILED = { ...NOTHING, passed: 2, failed: 1, failures: ["why"] }

test("a suite is printed when it is complete, with its failures in full", () => {
  const terminal = rememberingTerminal()
  const progress = new Progress(terminal, false)
  progress.begin("a.test.ts")
  progress.end("a.test.ts")
  assert.deepEqual(terminal.printed, [])
  progress.complete("unit", FAILED, 1.25)
  assert.deepEqual([terminal.printed, terminal.said], [["\n── unit", "2 passed, 1 failed (1.3 s)"], ["\n✗ why"]])
})

test("where a program reads standard output, failures alone are said", () => {
  const terminal = rememberingTerminal()
  new Progress(terminal, true).complete("unit", FAILED, 1)
  assert.deepEqual([terminal.printed, terminal.said], [[], ["\n✗ why"]])
})
