import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { resolveLimits } from "../../boundary/wire/limits.ts"
import { coverageOf } from "./coverage.ts"
import { hookScripts } from "./hook-scripts.ts"
import { NodeHook } from "./node-hook.ts"

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

interface Realm {
  readonly hook: NodeHook
  readonly lines: string[]
  ask(cmd: string, payload?: unknown, window?: string): ReturnType<NodeHook["ask"]>
}

/** Runs a test with an isolation app of one script. */
async function withHook(
  script: string,
  use: (realm: Realm) => Promise<void>,
  limits: Parameters<typeof resolveLimits>[0] = {},
  coverage = false,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-hook-"))
  folders.push(folder)
  writeFileSync(join(folder, "index.html"), `<script src="index.js"></script>`)
  writeFileSync(join(folder, "index.js"), script)
  const lines: string[] = []
  const options = {
    scripts: await hookScripts(folder),
    limits: resolveLimits(limits),
    coverage,
    log: (line: string) => void lines.push(line),
  }
  const hook = new NodeHook(options)
  const ask: Realm["ask"] = (cmd, payload = {}, window = "main") => hook.ask({ cmd, payload, headers: null }, window)
  try {
    await use({ hook, lines, ask })
  } finally {
    await hook.close()
  }
}
const hook = (body: string): string => `window.__TAURI_ISOLATION_HOOK__ = ${body}`

test("a call that the hook returns passes, with what the hook returned", () =>
  withHook(hook("(payload) => ({ ...payload, path: payload.path + '!' })"), async ({ ask }) => {
    assert.deepEqual(await ask("read", { path: "a", more: [1] }), {
      passed: true,
      cmd: "read",
      payload: { path: "a!", more: [1] },
    })
  }))

test("a call that the hook refuses has its code and its message", () =>
  withHook(hook("async () => { throw new Error('no') }"), async ({ ask }) => {
    assert.deepEqual(await ask("read"), { passed: false, code: "HOOK_REFUSED", message: "no" })
  }))

test("a hook that returns nothing refuses by mistake, and that shows", () =>
  withHook(hook("() => {}"), async ({ ask }) => {
    const answer = await ask("read")
    assert.equal(answer.passed === false && answer.code, "HOOK_INVALID_RETURN")
  }))

test("bytes arrive as an ArrayBuffer, and pass as bytes", () =>
  withHook(
    hook("(payload) => { if (!(payload.payload instanceof ArrayBuffer)) throw new Error('none'); return payload }"),
    async ({ ask }) => {
      const answer = await ask("write", new Uint8Array([1, 2, 3]))
      assert.ok(answer.passed)
      assert.deepEqual([...(answer.payload as Uint8Array)], [1, 2, 3])
    },
  ))

test("each window has a session of its own, and the hook knows which", () =>
  withHook(
    `let calls = 0; ${hook("(payload, { window }) => ({ ...payload, window, calls: ++calls })")}`,
    async ({ ask }) => {
      const seen = []
      for (const window of ["main", "main", "other"]) {
        const answer = await ask("count", {}, window)
        seen.push(answer.passed && answer.payload)
      }
      assert.deepEqual(seen, [
        { window: "main", calls: 1 },
        { window: "main", calls: 2 },
        { window: "other", calls: 1 },
      ])
    },
  ))

test("a hook that blocks its thread is given up, and the next call is answered", () =>
  withHook(
    hook("(payload) => { if (payload.cmd === 'hang') for (;;); return payload }"),
    async ({ ask }) => {
      const answer = await ask("hang")
      assert.equal(answer.passed === false && answer.code, "HOOK_TIMEOUT")
      assert.equal((await ask("go")).passed, true)
    },
    { hookTimeoutMs: 200 },
  ))

test("without a hook every call is refused, with what the scripts had to say", () =>
  withHook("// __TAURI_ISOLATION_HOOK__\nnothing.here()", async ({ ask, lines }) => {
    const answer = await ask("read")
    assert.equal(answer.passed === false && answer.code, "HOOK_MISSING")
    assert.deepEqual(lines, ["error: Uncaught ReferenceError: nothing is not defined"])
  }))

test("a hook finds what a sandboxed frame has, and nothing of Node", () =>
  withHook(
    hook(`(payload) => ({
      cmd: payload.cmd,
      payload: ["process", "require", "Buffer", "global", "fetch", "WebSocket", "setImmediate", "URL", "crypto",
        "TextEncoder", "structuredClone", "window", "self"].filter((name) => name in globalThis),
    })`),
    async ({ ask }) => {
      const answer = await ask("look")
      const found = ["URL", "crypto", "TextEncoder", "structuredClone", "window", "self"]
      assert.deepEqual(answer, { passed: true, cmd: "look", payload: found })
    },
  ))

test("what its console prints is handed on", () =>
  withHook(hook("(payload) => { console.warn('odd', payload.cmd); return payload }"), async ({ ask, lines }) => {
    await ask("read")
    await ask("write")
    assert.ok(lines.includes("warn: odd read"), lines.join())
  }))

test("lines that no call has run are found by V8's count", () =>
  withHook(
    hook("(payload) => {\n  if (payload.cmd === 'a') return payload\n  throw new Error(\n    'no')\n}"),
    async ({ hook, ask }) => {
      await ask("a")
      const scripts = await hookScripts(folders.at(-1) ?? "")
      assert.deepEqual(coverageOf(scripts, await hook.takeCoverage())[0]?.missed, [3, 4])
    },
    {},
    true,
  ))
