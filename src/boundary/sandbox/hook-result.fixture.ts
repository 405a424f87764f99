import assert from "node:assert/strict"
import { test } from "node:test"
import { passCall } from "./pass-call.ts"
import { setHook } from "./realm.fixture.ts"

/** The object a hook gets, as its author sees it. */
export type Given = Record<string, unknown> & {
  cmd: string
  callback?: number
  payload: Record<string, unknown>
  options?: { headers?: Record<string, string> } | undefined
}
export type Hook = (payload: Given, context: { window: string }) => unknown

export const LIMITS = { jsonBytes: 100_000, blobBytes: 1000, nesting: 20, hookTimeoutMs: 10_000 }
/** For hooks that are to be late; any other may wait for a busy machine. */
const SHORT_MS = 50

/** What came of a call: what would be sealed, or why not. */
export type Result = { cmd: string; args: unknown; headers?: unknown } | { code: string; detail: string }

export function pass(
  hook: Hook | null,
  args: unknown = { path: "p" },
  headers: Record<string, string> | null = null,
  hookTimeoutMs: number = LIMITS.hookTimeoutMs,
): Promise<Result> {
  setHook(hook)
  return new Promise((resolve) => {
    passCall(
      { id: 7, cmd: "act", args, headers },
      { label: "main", limits: { ...LIMITS, hookTimeoutMs } },
      ({ tuple, blob }) => {
        const [id, cmd, json, normalized] = JSON.parse(tuple)
        assert.equal(id, 7)
        resolve({ cmd, args: blob === null ? json : [...blob], ...(normalized ? { headers: normalized } : {}) })
      },
      ({ code, message }) => resolve({ code, detail: message }),
    )
  })
}

/** What a hook does, the arguments it is called with (default `{ path: "p" }`), and what comes of it. */
export type Row = readonly [name: string, hook: Hook | null, expected: unknown, args?: unknown]
export function rows(list: readonly Row[]): void {
  for (const [name, hook, expected, args] of list) {
    test(`${name}: ${expected instanceof RegExp ? expected : JSON.stringify(expected)}`, async () => {
      const isLate = expected instanceof RegExp && expected.source.includes("HOOK_TIMEOUT")
      const given = args === undefined ? { path: "p", other: 1 } : structuredClone(args)
      const timeoutMs = isLate ? SHORT_MS : LIMITS.hookTimeoutMs
      const result = await pass(hook, given, null, timeoutMs)
      if ("code" in result) {
        if (expected instanceof RegExp) assert.match(`${result.code}: ${result.detail}`, expected)
        else assert.fail(`${result.code}: ${result.detail}`)
      } else assert.deepEqual(result.args, expected)
    })
  }
}
export const ALL = { path: "p", other: 1 }

/** Something with a `then` of its own: what a hook returns need not be a promise. */
export function thenable(then: (done: (value: unknown) => void) => void): object {
  const result: Record<string, unknown> = {}
  const name = "then"
  result[name] = then
  return result
}

export function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}
