import assert from "node:assert/strict"
import { test } from "node:test"
import type { Decision } from "../../core/decisions.ts"
import { decisionLine } from "./decision-line.ts"

const AT = { window: "main", session: "s", id: 1, command: "read" }
const style = (name: unknown, text: string): string => `<${name}>${text}`

const ROWS: readonly (readonly [decision: Decision, line: string | null])[] = [
  [{ kind: "call", ...AT }, "<reset>call     main read"],
  [{ kind: "call-refused", ...AT, code: "HOOK_REFUSED", reason: "no note" }, "<red>refused  main read: no note"],
  [{ kind: "call-refused", ...AT, code: "HOOK_TIMEOUT", reason: "10 s" }, "<red>refused  main read: HOOK_TIMEOUT 10 s"],
  [{ kind: "call-denied", ...AT, reason: "not granted" }, "<red>denied   main read: not granted"],
  [{ kind: "hook", window: "main", session: "s", state: "function" }, null],
  [{ kind: "hook", window: "main", session: "s", state: "missing" }, "<yellow>hook     main: it is missing"],
  [
    { kind: "request-refused", reason: "request for another host", host: "a.b" },
    "<yellow>refused  a request: request for another host, host a.b",
  ],
  [{ kind: "isolation-log", window: "main", session: "s", level: "log", text: "said by the log" }, null],
]
for (const [decision, line] of ROWS)
  test(`${decision.kind}: ${line}`, () => assert.equal(decisionLine(decision, style), line))

test("a page cannot steer the terminal, nor write a second line", () => {
  const decision: Decision = { kind: "call", ...AT, command: "read\n\u001b[2Jcall main delete" }
  assert.equal(decisionLine(decision, style), "<reset>call     main read\\u000a\\u001b[2Jcall main delete")
})
