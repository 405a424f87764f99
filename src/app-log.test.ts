import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"
import { appLog } from "./app-log.ts"

const printed: unknown[] = []
mock.method(console, "error", (line: unknown) => void printed.push(line))
beforeEach(() => void printed.splice(0))

const FAILURE = "a line\n(the app's own log failed: disk full)"

test("hands each line on", () => {
  const lines: string[] = []
  appLog((line) => lines.push(line))("a line")
  assert.deepEqual([lines, printed], [["a line"], []])
})

test("prints where the app has no log of its own", () => {
  appLog(undefined)("a line")
  assert.deepEqual(printed, ["a line"])
})

test("a log that throws loses no line and ends nothing", () => {
  const log = appLog(() => {
    throw new Error("disk full")
  })
  log("a line")
  assert.deepEqual(printed, [FAILURE])
})

test("neither does one whose promise rejects", async () => {
  appLog(async () => {
    throw new Error("disk full")
  })("a line")
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(printed, [FAILURE])
})

test("nor one that throws what has no text", () => {
  const log = appLog(() => {
    throw Object.create(null)
  })
  log("a line")
  assert.match(String(printed), /^a line\n\(the app's own log failed/)
})
