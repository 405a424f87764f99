import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { command } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { PASS, type Pattern, startTestApp, type TestApp } from "../fixture.ts"

const echoed = {
  echo: command((args) => args),
  headers: command((_args, { headers }) => Object.fromEntries(headers)),
  length: command((args) => (args as Uint8Array).length),
  window: command((_args, { window }) => window),
}

/** What a page may pass, and what the command then gets and gives back: the same in both patterns. */
const VALUES: readonly (readonly [what: string, script: string, expected: unknown])[] = [
  ["an object", "({ a: 1, b: [true, null, 'x'], c: { d: 1.5 } })", { a: 1, b: [true, null, "x"], c: { d: 1.5 } }],
  ["nothing", "undefined", {}],
  ["null", "null", {}],
  ["undefined in an object", "({ a: undefined, b: 1 })", { b: 1 }],
  ["a Map, as an object", "({ m: new Map([['k', 1]]) })", { m: { k: 1 } }],
  ["a Date, as an ISO string", "({ d: new Date(0) })", { d: "1970-01-01T00:00:00.000Z" }],
  ["nested bytes, as numbers", "({ b: new Uint8Array([1, 2]), c: new Uint8Array([3]).buffer })", { b: [1, 2], c: [3] }],
  ["a value that says how to send it", "({ v: { __TAURI_TO_IPC_KEY__: () => 'mine' } })", { v: "mine" }],
  ["a bare array", "[1, 'two', { three: 3 }]", [1, "two", { three: 3 }]],
  ["arguments named payload", "({ payload: { x: 1 } })", { payload: { x: 1 } }],
  [
    "arguments with the names of a call",
    "({ cmd: 'a', callback: 1, error: 2, options: 3 })",
    { cmd: "a", callback: 1, error: 2, options: 3 },
  ],
  [
    "arguments that look sealed",
    "({ payload: [1], nonce: [2], contentType: 'x' })",
    { payload: [1], nonce: [2], contentType: "x" },
  ],
  ["arguments named then and toJSON", "({ then: 1, toJSON: 2 })", JSON.parse('{ "then": 1, "toJSON": 2 }')],
  ["text beyond ASCII", "({ s: 'Grüße, 世界, 🛡\\u2028' })", { s: "Grüße, 世界, 🛡\u2028" }],
  ["a lone surrogate", "({ s: '\\ud800' })", { s: "\ud800" }],
  ["a long string", "({ s: 'x'.repeat(5e5) })", { s: "x".repeat(5e5) }],
  ["raw bytes", "new Uint8Array([0, 1, 255])", { bytes: [0, 1, 255] }],
  ["an ArrayBuffer", "new Uint8Array([7]).buffer", { bytes: [7] }],
  ["a part of a buffer", "new Uint8Array([1, 2, 3, 4]).subarray(1, 3)", { bytes: [2, 3] }],
  ["a view of 16-bit numbers", "new Uint16Array([258])", { bytes: [2, 1] }],
  ["no bytes at all", "new Uint8Array(0)", { bytes: [] }],
]

/** Calls and their replies. */
export function calls(pattern: Pattern): (browser: Browser) => void {
  return (browser) =>
    describe(`calls, ${pattern}`, () => {
      let testApp: TestApp
      let page: Page
      before(async () => {
        testApp = await startTestApp({ hook: pattern === "isolation" ? PASS : null, commands: echoed })
        page = await testApp.open(browser())
      })
      after(async () => {
        await page.close()
        await testApp.close()
      })

      test("the app says which pattern it uses", () => assert.equal(testApp.app.pattern, pattern))

      for (const [what, script, expected] of VALUES) {
        test(`carries ${what}`, async () =>
          assert.deepEqual(await page.evaluate(`return call("echo", ${script})`), { value: expected }))
      }

      test("carries headers, their names in lower case, beside JSON and beside bytes", async () => {
        const expected = { value: { "x-one": "1", path: "a%20b" } }
        for (const args of ["{}", "new Uint8Array(1)"])
          assert.deepEqual(
            await page.evaluate(`return call("headers", ${args}, { headers: { "X-One": "1", path: "a%20b" } })`),
            expected,
          )
      })

      test("takes headers in every form that fetch takes", async () => {
        for (const headers of ["new Headers({ a: '1' })", "[['a', '1']]"])
          assert.deepEqual(await page.evaluate(`return call("headers", {}, { headers: ${headers} })`), {
            value: { a: "1" },
          })
      })

      test("rejects headers that no request could have", async () => {
        const result = await page.evaluate<{ name: string }>(
          `return call("headers", {}, { headers: { "not a name": "1" } })`,
        )
        assert.equal(result.name, "TypeError")
      })

      test("rejects arguments that cannot be turned into JSON", async () => {
        for (const args of ["{ big: 1n }", "(() => { const a = {}; a.a = a; return a })()"])
          assert.equal((await page.evaluate<{ code: string }>(`return call("echo", ${args})`)).code, "NOT_SERIALIZABLE")
      })

      // What is larger than half a MiB travels in parts.
      for (const [size, bytes] of [
        ["half a MiB", 2 ** 19],
        ["a byte more", 2 ** 19 + 1],
        ["five MiB and a byte", 5 * 2 ** 20 + 1],
      ] as const)
        test(`carries raw bytes both ways, several at once: ${size}`, async () => {
          const script = `const sent = crypto.getRandomValues(new Uint8Array(65536))
            const bigs = [1, 2, 3].map((first) => {
              const big = new Uint8Array(${bytes})
              for (let i = 0; i < big.length; i += 65536) big.set(sent.subarray(0, big.length - i), i)
              big[0] = first
              return big
            })
            const results = await Promise.all(bigs.map((big) => invoke("echo", big)))
            return results.every((result, call) => {
              const back = new Uint8Array(result)
              return back.length === bigs[call].length && back.every((byte, i) => byte === bigs[call][i])
            })`
          assert.equal(await page.evaluate(script), true)
        })

      test("settles each of 5,000 calls issued at once, once, with its own reply", async () => {
        const script = `settled = 0; const results = await Promise.all(Array.from({ length: 5000 }, (_, n) => call("echo", { n })))
          await new Promise((resolve) => setTimeout(resolve, 200))
          return { settled, right: results.every(({ value }, n) => value.n === n) }`
        assert.deepEqual(await page.evaluate(script), { settled: 5000, right: true })
      })

      test("what is changed after the call was made is not sent", async () =>
        assert.deepEqual(
          await page.evaluate(`const args = { n: 1 }; const done = call("echo", args); args.n = 2; return done`),
          { value: { n: 1 } },
        ))

      test("tells the page its label, and the command too", async () => {
        assert.equal(await page.evaluate("return __TAURI_INTERNALS__.metadata.currentWindow.label"), "main")
        assert.deepEqual(await page.evaluate(`return call("window")`), { value: "main" })
      })
    })
}

/** Limits that the page keeps to. */
export function limitsInPage(pattern: Pattern): (browser: Browser) => void {
  const hook = pattern === "isolation" ? PASS : null
  return (browser) =>
    describe(`limits in the page, ${pattern}`, () => {
      let testApp: TestApp
      let page: Page
      before(async () => {
        testApp = await startTestApp({
          hook,
          commands: echoed,
          limits: { jsonBytes: 100_000, blobBytes: 1000, nesting: 16, callsInFlight: 100 },
        })
        page = await testApp.open(browser())
      })
      after(async () => {
        await page.close()
        await testApp.close()
      })

      const ROWS: readonly (readonly [what: string, args: string, code: string | null])[] = [
        ["JSON below the limit", "{ s: 'x'.repeat(99_000) }", null],
        ["JSON above the limit", "{ s: 'x'.repeat(100_001) }", "JSON_TOO_LARGE"],
        ["bytes at the limit", "new Uint8Array(1000)", null],
        ["bytes above the limit", "new Uint8Array(1001)", "BLOB_TOO_LARGE"],
        ["nesting at the limit", "JSON.parse('{\"a\":'.repeat(15) + '[]' + '}'.repeat(15))", null],
        ["nesting above the limit", "JSON.parse('{\"a\":'.repeat(16) + '[]' + '}'.repeat(16))", "NESTING_TOO_DEEP"],
      ]
      for (const [what, args, code] of ROWS) {
        test(`${what}: ${code ?? "passes"}, and the next call goes through`, async () => {
          const result = await page.evaluate<{ code?: string }>(`return call("echo", ${args})`)
          assert.equal(result.code ?? null, code)
          assert.deepEqual(await page.evaluate(`return call("echo", { after: 1 })`), { value: { after: 1 } })
        })
      }

      test("many calls that are too large together for one frame are answered all the same", async () => {
        const script = `const results = await Promise.all([
          ...Array.from({ length: 40 }, () => call("echo", { s: "世".repeat(2000) })), call("echo", { s: "x".repeat(99_000) }),
          ...Array.from({ length: 40 }, () => call("length", new Uint8Array(900)))])
        return results.map(({ value, code }) => code ?? typeof value).join()`
        assert.equal(await page.evaluate(script), [...Array(41).fill("object"), ...Array(40).fill("number")].join())
      })

      test("calls made before the session stands keep to callsInFlight too", async () => {
        const script = `const results = await early; return { answered: results.filter((result) => result.value).length, refused: results.filter((result) => result.code === "TOO_MANY_CALLS").length }`
        const html = `<!doctype html><title>Early</title><script src="test.js"></script><script src="early.js"></script>`
        const extra = { "early.js": `window.early = Promise.all(Array.from({ length: 150 }, () => call("echo", {})))` }
        const early = await startTestApp({ hook, commands: echoed, limits: { callsInFlight: 100 }, html, extra })
        const other = await early.open(browser())
        assert.deepEqual(await other.evaluate(script), { answered: 100, refused: 50 })
        await other.close()
        await early.close()
      })

      test("calls beyond callsInFlight reject with TOO_MANY_CALLS, the others are answered", async () => {
        const script = `const results = await Promise.all(Array.from({ length: 150 }, () => call("echo", {})))
        return { answered: results.filter((result) => result.value).length, refused: results.filter((result) => result.code === "TOO_MANY_CALLS").length }`
        assert.deepEqual(await page.evaluate(script), { answered: 100, refused: 50 })
      })
    })
}
