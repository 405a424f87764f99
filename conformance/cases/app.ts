import assert from "node:assert/strict"
import type { TestAppOptions } from "../../e2e/fixture.ts"
import type { Case } from "../case.ts"
import { API_VERSION } from "../exports.ts"
import { refused } from "../refused.ts"

const APPLE = {
  verdict: "not applicable",
  reason: "Only macOS and iOS have it, for windows of their own.",
} as const

export const appCases: readonly Case[] = [
  {
    shows: [
      "app.getName",
      "app.getVersion",
      "app.getTauriVersion",
      "app.getIdentifier",
      "app.getBundleType",
      "app.supportsMultipleWindows",
      "app.defaultWindowIcon",
    ],
    name: "says what the configuration says, and what is so",
    async run({ page }) {
      const script = `const { app } = tauri
        return Promise.all([app.getName(), app.getVersion(), app.getTauriVersion(), app.getIdentifier(), app.getBundleType(), app.supportsMultipleWindows(), app.defaultWindowIcon()])`
      const expected = ["org.sallyport.e2e", "0.1.0", API_VERSION, "org.sallyport.e2e", null, true, null]
      assert.deepEqual(await page.evaluate(script), expected)
    },
  },
  {
    shows: "app.show",
    name: "resolves: an app here cannot be hidden",
    async run({ page }) {
      assert.equal(await page.evaluate("return tauri.app.show()"), null)
    },
  },
  {
    shows: "app.setTheme",
    name: "rejects and says why, except for the theme that holds",
    verdict: "refused",
    reason: "A page follows the browser's theme; `null`, which is just that, resolves.",
    async run({ page }) {
      await refused(
        page,
        `tauri.app.setTheme("dark")`,
        /^setTheme is not supported: a page follows the browser's theme/,
      )
      assert.equal(await page.evaluate("return tauri.app.setTheme(null)"), null)
    },
  },
  {
    shows: ["app.hide", "app.setDockVisibility", "app.fetchDataStoreIdentifiers", "app.removeDataStore"],
    name: "rejects and says why",
    ...APPLE,
    async run({ page }) {
      const why = /is not supported: it is macOS's and iOS's own/
      for (const call of ["hide()", "setDockVisibility(true)", "fetchDataStoreIdentifiers()", "removeDataStore([1])"])
        await refused(page, `tauri.app.${call}`, why)
    },
  },
  {
    shows: "app.onBackButtonPress",
    name: "rejects and says why",
    verdict: "not applicable",
    reason: "Only Android has a back button that an app hears of.",
    async run({ page }) {
      await refused(page, "tauri.app.onBackButtonPress(() => {})", /^onBackButtonPress is not supported: only Android/)
    },
  },
]

/** Ends its app: the last of its group. */
export const exitCases: readonly Case[] = [
  {
    shows: "app.exit",
    name: "refuses what is no code, and the app goes on",
    async run({ page }) {
      await refused(
        page,
        `tauri.app.exit("now")`,
        /^invalid args `code` for command `exit`: expected an exit code, an i32$/,
      )
      assert.equal(await page.evaluate("return tauri.app.getVersion()"), "0.1.0")
    },
  },
  {
    shows: "app.exit",
    name: "ends the app, and the process with its code",
    async run({ page, testApp }) {
      try {
        await page.evaluate("await tauri.app.exit(3)")
        await testApp.app.closed
        assert.equal(process.exitCode, 3)
      } finally {
        // The tests' own process goes on.
        process.exitCode = undefined
      }
    },
  },
]

export const exitApp: Partial<TestAppOptions> = { windows: [{ label: "main" }] }
