import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { command } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { eventually, startTestApp, type TestApp } from "../fixture.ts"

/** One hook, whose behavior the call's own name chooses. */
const HOOK = `
const ways = {
  given: (payload) => payload,
  async_given: async (payload) => payload,
  later: (payload) => new Promise((resolve) => setTimeout(resolve, 20, payload)),
  throws: () => { throw new Error("not this one") },
  throws_text: () => { throw "just text" },
  rejects: async () => { throw new RangeError("not later either") },
  returns_error: () => new Error("an error, returned"),
  returns_null: () => null,
  returns_undefined: () => {},
  returns_number: () => 7,
  resolves_null: async () => null,
  frozen: (payload) => Object.freeze(payload),
  proxy: (payload) => new Proxy(payload, {}),
  new_object: ({ path }) => ({ cmd: "new_object", path, added: true }),
  new_payload: (payload) => ({ cmd: payload.cmd, payload: { only: payload.payload.path } }),
  spread: (payload) => ({ ...payload, added: 1 }),
  spread_both: (payload) => ({ ...payload, payload: payload.payload }),
  two_answers: (payload) => ({ ...payload, path: "changed", payload: { path: "other" } }),
  rest: ({ path, ...rest }) => rest,
  delete_flat: (payload) => { delete payload.path; return payload },
  delete_nested: (payload) => { delete payload.payload.path; return payload },
  write_flat: (payload) => { payload.path = "flat"; return payload },
  write_nested: (payload) => { payload.payload.path = "nested"; return payload },
  assign_payload: (payload) => { payload.payload = { all: "new" }; return payload },
  seen: (payload) => ({ cmd: payload.cmd, seen: Object.keys(payload), nested: Object.keys(payload.payload), ids: [typeof payload.callback, typeof payload.error] }),
  clone: (payload) => structuredClone(payload),
  clone_nested: (payload) => ({ ...payload, payload: structuredClone(payload.payload) }),
  json: (payload) => JSON.parse(JSON.stringify(payload)),
  other_command: (payload) => { payload.cmd = "renamed"; return payload },
  cmd_number: (payload) => { payload.cmd = 7; return payload },
  adds_header: (payload) => { payload.options = { headers: { ...payload.options?.headers, "X-Hook": "1" } }; return payload },
  reads_header: (payload) => { if (payload.options.headers.path !== "fine") throw new Error("path"); return payload },
  bytes: (payload) => { new Uint8Array(payload.payload)[0] = 9; return payload },
  bytes_seen: (payload) => ({ cmd: payload.cmd, kind: payload.payload.constructor.name, keys: Object.keys(payload) }),
  list: (payload) => { payload.payload.push("hook"); return payload },
  context: (payload, context) => ({ cmd: payload.cmd, window: context.window }),
  never: () => new Promise(() => {}),
  too_late: (payload) => new Promise((resolve) => setTimeout(() => { resolve(payload); console.log("answers too late") }, 600)),
  blocks: (payload) => { const end = performance.now() + 400; while (performance.now() < end); return payload },
  getter: (payload) => { let reads = 0; Object.defineProperty(payload, "path", { get: () => ++reads, enumerable: true, configurable: true }); return payload },
}
window.__TAURI_ISOLATION_HOOK__ = (payload, context) => (ways[payload.cmd] ?? ways.given)(payload, context)
`

/** Call, and what comes of it. The commands echo the arguments that reached the Core. */
const ROWS: readonly (readonly [cmd: string, args: string, expected: unknown])[] = [
  ["given", "{ path: 'p' }", { value: { path: "p" } }],
  ["async_given", "{ path: 'p' }", { value: { path: "p" } }],
  ["later", "{ path: 'p' }", { value: { path: "p" } }],
  ["throws", "{}", { code: "HOOK_REFUSED", message: "not this one" }],
  ["throws_text", "{}", { code: "HOOK_REFUSED", message: "just text" }],
  ["rejects", "{}", { code: "HOOK_REFUSED", message: "not later either" }],
  ["returns_error", "{}", { code: "HOOK_REFUSED", message: "an error, returned" }],
  [
    "returns_null",
    "{}",
    {
      code: "HOOK_INVALID_RETURN",
      message: "the isolation hook returned something that is no call: it is null",
    },
  ],
  [
    "returns_undefined",
    "{}",
    {
      code: "HOOK_INVALID_RETURN",
      message: "the isolation hook returned something that is no call: it is undefined",
    },
  ],
  [
    "returns_number",
    "{}",
    {
      code: "HOOK_INVALID_RETURN",
      message: "the isolation hook returned something that is no call: it is number",
    },
  ],
  [
    "resolves_null",
    "{}",
    {
      code: "HOOK_INVALID_RETURN",
      message: "the isolation hook returned something that is no call: it is null",
    },
  ],
  ["frozen", "{ path: 'p' }", { value: { path: "p" } }],
  ["proxy", "{ path: 'p' }", { value: { path: "p" } }],
  ["new_object", "{ path: 'p', secret: 1 }", { value: { path: "p", added: true } }],
  ["new_payload", "{ path: 'p', secret: 1 }", { value: { only: "p" } }],
  ["spread", "{ path: 'p' }", { value: { path: "p", added: 1 } }],
  ["spread_both", "{ path: 'p' }", { value: { path: "p" } }],
  [
    "two_answers",
    "{ path: 'p' }",
    {
      code: "HOOK_INVALID_RETURN",
      message:
        'the isolation hook returned something that is no call: "path" stands beside "payload", and both are arguments',
    },
  ],
  ["rest", "{ path: 'p', other: 1 }", { value: { other: 1 } }],
  ["delete_flat", "{ path: 'p', other: 1 }", { value: { other: 1 } }],
  ["delete_nested", "{ path: 'p', other: 1 }", { value: { other: 1 } }],
  ["write_flat", "{ path: 'p' }", { value: { path: "flat" } }],
  ["write_nested", "{ path: 'p' }", { value: { path: "nested" } }],
  ["assign_payload", "{ path: 'p' }", { value: { all: "new" } }],
  [
    "seen",
    "{ path: 1, cmd: 2, payload: 3 }",
    {
      value: {
        seen: ["cmd", "callback", "error", "path"],
        nested: ["path", "cmd", "payload"],
        ids: ["number", "number"],
      },
    },
  ],
  ["clone", "{ path: 'p' }", { value: { path: "p" } }],
  ["clone_nested", "{ path: 'p' }", { value: { path: "p" } }],
  ["json", "{ path: 'p' }", { value: { path: "p" } }],
  ["other_command", "{ path: 'p' }", { value: "renamed" }],
  [
    "cmd_number",
    "{}",
    {
      code: "HOOK_INVALID_RETURN",
      message: "the isolation hook returned something that is no call: its cmd is no string",
    },
  ],
  ["bytes", "new Uint8Array([1, 2])", { value: { bytes: [9, 2] } }],
  [
    "bytes_seen",
    "new Uint8Array([1, 2])",
    { value: { kind: "ArrayBuffer", keys: ["cmd", "callback", "error", "payload", "options"] } },
  ],
  ["list", "['page']", { value: ["page", "hook"] }],
  ["context", "{}", { value: { window: "main" } }],
  ["getter", "{ path: 'p' }", { value: { path: 1 } }],
]

const echo = command((args) => args)
const names = [...ROWS.map(([cmd]) => cmd), "adds_header", "reads_header", "never", "too_late", "blocks"]

/** What a hook may do, and what comes of it. */
export function hooks(browser: Browser): void {
  describe("the hook", () => {
    let testApp: TestApp
    let page: Page
    before(async () => {
      const commands = {
        ...Object.fromEntries(names.map((name) => [name, echo])),
        renamed: command(() => "renamed"),
        adds_header: command((_args, { headers }) => headers.get("x-hook")),
        reads_header: command((_args, { headers }) => headers.get("path")),
      }
      testApp = await startTestApp({ hook: HOOK, commands, limits: { hookTimeoutMs: 300 } })
      page = await testApp.open(browser())
    })
    after(async () => {
      await page.close()
      await testApp.close()
    })

    for (const [cmd, args, expected] of ROWS) {
      test(`${cmd}: ${JSON.stringify(expected)}`, async () => {
        const result = await page.evaluate<Record<string, unknown>>(`return call("${cmd}", ${args})`)
        assert.deepEqual(
          result,
          "code" in (expected as object) ? { name: "IsolationError", ...(expected as object) } : expected,
        )
      })
    }

    test("headers that the hook sets reach the command", async () =>
      assert.deepEqual(await page.evaluate(`return call("adds_header", {}, { headers: { a: "1" } })`), { value: "1" }))

    test("the hook finds headers by their lower-case name, however the page wrote it", async () => {
      const script = (value: string): string => `return call("reads_header", {}, { headers: { PATH: "${value}" } })`
      assert.deepEqual(await page.evaluate(script("fine")), { value: "fine" })
      assert.equal((await page.evaluate<{ code: string }>(script("bad"))).code, "HOOK_REFUSED")
    })

    for (const cmd of ["never", "too_late", "blocks"]) {
      test(`${cmd}: HOOK_TIMEOUT, nothing runs, and the next call goes through`, async () => {
        const result = await page.evaluate<{ code: string }>(`return call("${cmd}", {})`)
        assert.equal(result.code, "HOOK_TIMEOUT")
        if (cmd === "too_late")
          await eventually("the hook answers after all", () =>
            testApp.logged.some((line) => line.includes("answers too late")),
          )
        assert.deepEqual(await page.evaluate(`return call("given", { a: 1 })`), { value: { a: 1 } })
        assert.equal(
          testApp.decisions.some((decision) => decision.kind === "call" && decision.command === cmd),
          false,
        )
      })
    }

    test("a slow hook delays its own call only", async () => {
      const script = `const order = []; await Promise.all([call("later", {}).then(() => order.push("later")), call("given", {}).then(() => order.push("given"))]); return order`
      assert.deepEqual(await page.evaluate(script), ["given", "later"])
    })

    test("a refusal is audited with its command, code and reason, and never runs", async () => {
      testApp.decisions.length = 0
      await page.evaluate(`return call("throws", {})`)
      await eventually("the refusal is audited", () =>
        testApp.decisions.some(
          (decision) =>
            decision.kind === "call-refused" &&
            decision.command === "throws" &&
            decision.code === "HOOK_REFUSED" &&
            decision.reason === "not this one",
        ),
      )
      assert.equal(
        testApp.decisions.some((decision) => decision.kind === "call"),
        false,
      )
    })

    test("__proto__ keys are gone before the hook sees them", async () => {
      const args = `JSON.parse('{"__proto__":{"admin":true},"a":{"__proto__":1,"b":2}}')`
      assert.deepEqual(await page.evaluate(`return call("given", ${args})`), { value: { a: { b: 2 } } })
    })
  })
}
