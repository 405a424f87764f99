import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { command, type Plugin } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { startTestApp, type TestApp } from "../fixture.ts"

/** Passes every call but one, and notes what passed where the test can see it: in the headers. */
const HOOK = `
window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.path === "/etc/shadow") throw new Error("the hook says no")
  return payload
}
`
const ran: string[] = []
const note = command((_args, { command: name, window, scope }) => {
  ran.push(`${name} in ${window}`)
  return scope
})

const vault: Plugin = {
  name: "vault",
  permissions: {
    default: { permissions: ["allow-open"] },
    "scope-all": { scope: { deny: [{ path: "secret" }] } },
  },
  setup: () => ({ commands: { open: note, burn: note, seal: note } }),
}

const CAPABILITIES = [
  {
    identifier: "editors",
    windows: ["main", "edit-*"],
    permissions: [
      "core:default",
      "allow-read-note",
      { identifier: "vault:allow-open", allow: [{ path: "notes/*" }] },
      "vault:allow-burn",
      "vault:scope-all",
      // As `create-tauri-app` writes it: the app has no such plugin.
      "opener:default",
    ],
  },
  { identifier: "seals", windows: ["other"], permissions: ["vault:deny-burn", "vault:allow-seal"] },
]

/** What capabilities grant, seen from a page whose calls all passed the hook. */
export function capabilities(browser: Browser): void {
  describe("capabilities", () => {
    let testApp: TestApp
    const pages: Record<string, Page> = {}
    before(async () => {
      testApp = await startTestApp({
        hook: HOOK,
        commands: { read_note: note, write_note: note },
        windows: [{ label: "main" }, { label: "edit-1" }, { label: "other" }],
        security: { capabilities: CAPABILITIES },
        options: { plugins: [vault] },
      })
      for (const label of ["main", "edit-1", "other"]) pages[label] = await testApp.open(browser(), label)
    })
    after(async () => {
      for (const page of Object.values(pages)) await page.close()
      await testApp.close()
    })

    /** What became of a call; what ran is left in `ran`. */
    const call = async (window: string, name: string, args: object = {}): Promise<unknown> => {
      ran.length = 0
      return pages[window]?.evaluate(`return call(${JSON.stringify(name)}, ${JSON.stringify(args)})`)
    }
    const open = { allow: [{ path: "notes/*" }], deny: [{ path: "secret" }] }
    const none = { allow: [], deny: [] }

    const ROWS: readonly (readonly [promise: string, window: string, command: string, expected: object | RegExp])[] = [
      ["a granted command runs, and is given its scope", "main", "plugin:vault|open", open],
      ["a pattern names windows", "edit-1", "plugin:vault|open", open],
      [
        "a window that is not named is denied",
        "other",
        "plugin:vault|open",
        /^vault\.open not allowed on window "other".*allowed on: \[windows: "main", "edit-\*", URL: local\].*vault:allow-open/,
      ],
      [
        "one deny is enough, whatever its window",
        "main",
        "plugin:vault|burn",
        /^vault\.burn explicitly denied.*vault:deny-burn/,
      ],
      [
        "what nobody has is denied, and the permission is named",
        "main",
        "plugin:event|emit_to_nobody",
        /^event\.emit_to_nobody not allowed\. Command not found/,
      ],
      ["a command of the app runs", "main", "read_note", none],
      [
        "another of the app is denied when one is named",
        "main",
        "write_note",
        /^write_note not allowed\. Permissions associated with this command: allow-write-note\. .* match "main"$/,
      ],
      [
        "the app's commands are denied to other windows",
        "other",
        "read_note",
        /^read_note not allowed on window "other"/,
      ],
      [
        "a plugin that is not there is denied",
        "main",
        "plugin:opener|open_url",
        /^opener\.open_url not allowed\. Plugin not found/,
      ],
      [
        "core commands are denied to a window without core:default",
        "other",
        "plugin:event|emit",
        /^event\.emit not allowed on window "other".*core:event:allow-emit/,
      ],
    ]
    for (const [promise, window, name, expected] of ROWS)
      test(promise, async () => {
        const outcome = (await call(window, name)) as { value?: unknown; rejected?: string }
        if (!(expected instanceof RegExp)) {
          assert.deepEqual(outcome, {
            value: { ...open, ...expected, deny: name.startsWith("plugin") ? open.deny : [] },
          })
          assert.deepEqual(ran, [`${name} in ${window}`])
          return
        }
        assert.match(outcome.rejected ?? JSON.stringify(outcome), expected)
        assert.deepEqual(ran, [], "it did not run")
        // The hook had passed it: the denial is another door.
        const denials = testApp.decisions.filter(({ kind }) => kind === "call-denied")
        assert.ok(denials.some((denial) => "command" in denial && denial.command === name && denial.window === window))
      })

    test("core:default lets a page listen and emit", async () =>
      assert.deepEqual(await call("main", "plugin:event|emit", { event: "saved", payload: 1 }), { value: null }))

    test("what the hook refuses is the hook's to refuse: no capability is asked", async () => {
      const denials = () => testApp.decisions.filter(({ kind }) => kind === "call-denied").length
      const before = denials()
      assert.deepEqual(await call("other", "write_note", { path: "/etc/shadow" }), {
        name: "IsolationError",
        code: "HOOK_REFUSED",
        message: "the hook says no",
      })
      assert.equal(denials(), before)
      assert.deepEqual(ran, [])
    })

    test("a page that names another window is denied by its own label", async () => {
      const { rejected } = (await call("other", "read_note", { window: "main", label: "main" })) as { rejected: string }
      assert.match(rejected, /on window "other"/)
    })

    test("the app says which permissions grant nothing", () =>
      assert.deepEqual(
        testApp.logged.filter((line) => line.includes("opener")),
        ['the app has no plugin "opener": "opener:default" of its capabilities grants nothing'],
      ))
  })

  describe("an app without capabilities", () => {
    test("lets every window call everything, and gives no scope", async () => {
      const testApp = await startTestApp({ commands: {}, options: { plugins: [vault] } })
      const page = await testApp.open(browser(), "other")
      assert.deepEqual(await page.evaluate(`return call("plugin:vault|burn")`), { value: { allow: [], deny: [] } })
      await page.close()
      await testApp.close()
    })
  })
}
