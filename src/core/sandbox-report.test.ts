import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { withPolluted } from "../boundary/wire/polluted.fixture.ts"
import { readReport } from "./sandbox-report.ts"

const NOTHING = { hook: null, refused: [], logs: [] }

describe("a report", () => {
  test("may say nothing", () => assert.deepEqual(readReport({}), NOTHING))

  test("gives the hook's state, rejections and lines as they were sent", () => {
    const sent = { hook: "function", refused: [[8, "delete", "HOOK_REFUSED", "no"]], logs: [["warn", "text"]] }
    assert.deepEqual(readReport({ ...sent, calls: [] }), sent)
  })

  test("takes a rejection of what had no id: a line that the sandbox could not read", () =>
    assert.deepEqual(readReport({ refused: [[null, "", "NOT_JSON", ""]] }).refused, [[null, "", "NOT_JSON", ""]]))

  for (const [name, value] of [
    ["hook", "null"],
    ["refused", [[1, "rm", "HOOK_REFUSED", ""]]],
    ["logs", [["warn", "text"]]],
  ] as const)
    test(`takes no ${name} from a polluted prototype`, () =>
      assert.deepEqual(
        withPolluted({ [name]: value }, () => readReport({})),
        NOTHING,
      ))
})

describe("what no sandbox reports is rejected:", () => {
  for (const [name, members] of [
    ["a refusal that is no list", { refused: ["a"] }],
    ["a refusal with nothing in it", { refused: [[]] }],
    ["a refusal that ends too early", { refused: [[1, "rm", "HOOK_REFUSED"]] }],
    ["a refusal with an id that is text", { refused: [["1", "rm", "HOOK_REFUSED", ""]] }],
    ["a refusal with a command that is no text", { refused: [[1, 2, "HOOK_REFUSED", ""]] }],
    ["a line with a level that is no text", { logs: [[1, "text"]] }],
    ["a line with nothing in it", { logs: [[]] }],
    ["a line without its text", { logs: [["log"]] }],
    ["a line with a level that there is not", { logs: [["fatal", "text"]] }],
    ["a state of the hook that there is not", { hook: "safe" }],
    ["a state of the hook that is a list", { hook: ["function"] }],
    ["a state of the hook that every object has", { hook: "constructor" }],
    ["a line that is no text", { logs: [["log", {}]] }],
    ["lines that are no list", { logs: "text" }],
  ] as const)
    test(name, () => assert.throws(() => readReport(members), TypeError))
})
