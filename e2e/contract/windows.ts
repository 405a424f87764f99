import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { command } from "sallyport"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { eventually, startTestApp, type TestApp } from "../fixture.ts"

const COMMANDS = { window: command((_args, { window }) => window) }

/** A page's options for a window. */
const CREATED = { label: "made", url: "index.html?made", title: "Made" }

/**
 * What becomes of a call, with the page's script ended meanwhile: WebKit's driver opens and closes no window while a script
 * runs.
 */
async function outcome(page: Page, cmd: string, args: object = {}): Promise<unknown> {
  await page.evaluate(
    `window.ended = null; call(${JSON.stringify(cmd)}, ${JSON.stringify(args)}).then((result) => { window.ended = result })`,
  )
  await page.waitFor("return window.ended !== null")
  return page.evaluate("return window.ended")
}

/** An app whose page "main" creates windows. */
interface WindowsApp {
  readonly testApp: TestApp
  readonly page: Page
  /** All windows that were shown, in their order. */
  readonly shown: readonly Page[]
  /** Creates the window "made". What shows it can close it, cannot, or only says so. */
  create(closing?: "closes" | "nothing" | "pretends"): Promise<Page>
  /** Labels of the windows there are. */
  labels(): Promise<unknown>
  close(): Promise<void>
}

async function startWindowsApp(browser: Browser): Promise<WindowsApp> {
  const shown: Page[] = []
  let closing: "closes" | "nothing" | "pretends" = "closes"
  const testApp = await startTestApp({
    commands: COMMANDS,
    security: {
      capabilities: [
        { identifier: "main", windows: ["main"], permissions: ["core:default", ...ALLOWED] },
        { identifier: "rest", windows: ["made", "other"], permissions: ["core:default"] },
      ],
    },
    options: {
      show: async (url) => {
        const opened = await browser().open(url)
        shown.push(opened)
        if (closing === "closes") return { close: () => opened.close() }
        return closing === "pretends" ? { close: () => {} } : undefined
      },
    },
  })
  await testApp.app.open("main")
  const page = shown[0] as Page
  await page.waitFor("return typeof call === 'function'")
  return {
    testApp,
    page,
    shown,
    create: async (how = "closes") => {
      closing = how
      assert.deepEqual(await outcome(page, "plugin:webview|create_webview_window", { options: CREATED }), {
        value: null,
      })
      const made = shown.at(-1) as Page
      await made.waitFor("return typeof call === 'function'")
      return made
    },
    labels: () => outcome(page, "plugin:window|get_all_windows"),
    close: async () => {
      await testApp.close()
      await Promise.allSettled(shown.map((opened) => opened.close()))
    },
  }
}

/** Windows: those that a page creates and closes, what it may do with another's, and what is left of one that is gone. */
export function windows(browser: Browser): void {
  describe("windows", () => {
    let app: WindowsApp
    let testApp: TestApp
    let page: Page
    before(async () => {
      app = await startWindowsApp(browser)
      ;({ testApp, page } = app)
    })
    after(() => app.close())

    test("a page creates a window, which is the app's: label, address, title; its label is in use", async () => {
      const made = await app.create()
      assert.deepEqual(
        await made.evaluate(
          `return [await call("plugin:window|title"), location.search, (await call("plugin:window|get_all_windows")).value]`,
        ),
        [{ value: "Made" }, "?made", ["made", "main"]],
      )
      assert.deepEqual(await outcome(page, "plugin:window|create", { options: CREATED }), {
        rejected: "a window with label `made` already exists",
      })
    })

    test("of another window a page learns and changes nothing by itself, whatever label it gives", async () => {
      const made = app.shown.at(-1) as Page
      for (const [cmd, args] of [
        ["plugin:window|title", { label: "made" }],
        ["plugin:window|set_title", { label: "made", value: "Stolen" }],
        ["plugin:webview|set_webview_background_color", { label: "made", value: "#000000" }],
      ] as const) {
        const { rejected } = (await outcome(page, cmd, args)) as { rejected: string }
        assert.match(
          rejected,
          /of the window "made" was called by "main": a browser window can only speak and act for itself/,
        )
      }
      assert.equal(await made.evaluate("return document.title"), "Made")
      for (const label of ["nobody", 5, {}, ["made"], "__proto__"])
        assert.deepEqual(await outcome(page, "plugin:window|title", { label }), { rejected: "window not found" })
    })

    test("a window without the permission closes, creates and renames none", async () => {
      const made = app.shown.at(-1) as Page
      for (const [cmd, args] of [
        ["plugin:window|close", { label: "main" }],
        ["plugin:window|destroy", { label: "main" }],
        ["plugin:webview|webview_close", { label: "main" }],
        ["plugin:webview|create_webview_window", { options: { label: "other" } }],
        ["plugin:window|create", { options: { label: "other" } }],
        ["plugin:window|set_title", { value: "Mine" }],
      ] as const) {
        const { rejected } = (await outcome(made, cmd, args)) as { rejected: string }
        assert.match(rejected, /not allowed/, cmd)
      }
      assert.deepEqual(await app.labels(), { value: ["main", "made"] })
    })

    test("a window that a page destroys is gone: told to those who listen, in the Core too, and its label is free", async () => {
      const heard: unknown[] = []
      const end = testApp.app.listen("tauri://destroyed", ({ payload }) => heard.push(payload), {
        kind: "Window",
        label: "made",
      })
      await page.evaluate(`window.heard = []
        const handler = (kind) => __TAURI_INTERNALS__.transformCallback(({ payload }) => heard.push([kind, payload]))
        for (const target of [{ kind: "Any" }, { kind: "Window", label: "made" }, { kind: "Window", label: "main" }, { kind: "AnyLabel", label: "made" }])
          await invoke("plugin:event|listen", { event: "tauri://destroyed", target, handler: handler(target.kind + (target.label ?? "")) })`)
      assert.deepEqual(await outcome(page, "plugin:window|destroy", { label: "made" }), { value: null })
      await page.waitFor("return heard.length === 2")
      assert.deepEqual(await page.evaluate("return heard"), [
        ["Any", null],
        ["Windowmade", null],
      ])
      assert.deepEqual(heard, [null])
      end()
      assert.deepEqual(await app.labels(), { value: ["main"] })
      await app.create()
      assert.deepEqual(await outcome(page, "plugin:window|close", { label: "made" }), { value: null })
    })

    test("what is left of a window that was closed is nobody: neither at once nor when it loads again, and no new one is it", async () => {
      const left = await app.create("pretends")
      assert.deepEqual(await outcome(page, "plugin:window|destroy", { label: "made" }), { value: null })
      const refused = async (): Promise<unknown> =>
        ((await left.evaluate(`return call("window")`)) as { code?: string }).code
      assert.equal(await refused(), "SESSION_REFUSED")
      const made = await app.create()
      await left.reload()
      await left.waitFor("return typeof call === 'function'")
      assert.equal(await refused(), "SESSION_REFUSED")
      assert.deepEqual(await made.evaluate(`return (await call("plugin:window|get_all_windows")).value`), [
        "made",
        "main",
      ])
      await outcome(page, "plugin:window|destroy", { label: "made" })
    })

    test("wrong options create nothing, and say what is wrong", async () => {
      for (const [options, says] of [
        [{ label: "a b" }, /options\.label: found "a b", expected a label/],
        [{ label: 5 }, /options\.label: found 5/],
        [{ label: "x", width: -1 }, /options\.width: found -1, expected a length/],
        [{ label: "x", url: "https://example.org/" }, /options\.url: a window of the app shows pages of the app/],
        [{ label: "x", url: "//example.org/" }, /options\.url: found "\/\/example\.org\/"/],
        [{ label: "x", url: "/__sallyport__/open" }, /options\.url/],
        [{ label: "x", url: "javascript:alert(1)" }, /options\.url/],
        [{ label: "x", titel: "" }, /options\.titel: no such key; did you mean "title"/],
      ] as const) {
        const { rejected } = (await outcome(page, "plugin:webview|create_webview_window", { options })) as {
          rejected: string
        }
        assert.match(rejected, says)
      }
      assert.match(JSON.stringify(await outcome(page, "plugin:window|create")), /already exists/)
    })
  })

  test("an app that shows its windows itself must say how it shows those that pages create", async () => {
    const testApp = await startTestApp({ commands: COMMANDS })
    const page = await testApp.open(browser())
    try {
      const result = await outcome(page, "plugin:webview|create_webview_window", { options: { label: "made" } })
      assert.deepEqual(result, {
        rejected: 'the window "made" cannot be shown: the app\'s author has to give createApp() a `show`',
      })
      await eventually(
        "nothing was shown",
        () => testApp.decisions.filter(({ kind }) => kind === "window-opened").length === 1,
      )
    } finally {
      await page.close()
      await testApp.close()
    }
  })
}

/** A window that its host cannot close. */
export function windowsLeftOpen(browser: Browser): void {
  describe("windows", () => {
    test("a window that only its page can close is closed by it, or the call says that it is still open, and it goes on", async () => {
      const { create, labels, page, close } = await startWindowsApp(browser)
      const made = await create("nothing")
      const result = await outcome(page, "plugin:window|destroy", { label: "made" })
      const isThere = ((await labels()) as { value: string[] }).value.includes("made")
      if (isThere) {
        const { rejected } = result as { rejected: string }
        assert.match(rejected, /^the window "made" is still open: the browser does not let its page close it/)
        assert.equal(await made.evaluate("return (await call('plugin:window|title')).value"), "Made")
      } else assert.deepEqual(result, { value: null })
      await close()
    })
  })
}

const ALLOWED = [
  "core:window:allow-create",
  "core:window:allow-close",
  "core:window:allow-destroy",
  "core:window:allow-set-title",
  "core:webview:allow-create-webview-window",
  "core:webview:allow-set-webview-background-color",
]
