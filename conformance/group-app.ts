import { build } from "esbuild"
import type { ShowUrl } from "sallyport"
import type { Driver, Page } from "../e2e/drivers/driver.ts"
import { eventually, startTestApp, type TestApp } from "../e2e/fixture.ts"
import type { Case, CaseContext, CaseGroup } from "./case.ts"

/** Longer than this no case takes, in ms. */
const CASE_MS = 120_000

const FRONTEND = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Conformance</title></head>
<body>
<script src="test.js"></script>
<script src="tauri.js"></script>
</body>
</html>
`
const IS_THERE = "return typeof call === 'function' && typeof tauri === 'object'"

let bundled: Promise<string> | undefined

/** All of `@tauri-apps/api`, as it is published, in one classic script that sets the global `tauri`. */
function tauriScript(): Promise<string> {
  bundled ??= build({
    stdin: { contents: `export * from "@tauri-apps/api"`, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "tauri",
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? "")
  return bundled
}

/** The app of a group, in one browser: runs its cases one after the other, each in a page as it is when it has loaded. */
export class GroupApp {
  readonly #driver: Driver
  readonly #testApp: TestApp
  /** Windows that pages had created, by label. */
  readonly #shown: Map<string, Page>
  #page: Page | undefined
  /** Whether the page is as it was when it had loaded. */
  #isFresh = false

  private constructor(driver: Driver, testApp: TestApp, shown: Map<string, Page>) {
    this.#driver = driver
    this.#testApp = testApp
    this.#shown = shown
  }

  static async start({ app = {} }: CaseGroup, driver: Driver): Promise<GroupApp> {
    const extra = { "tauri.js": await tauriScript(), ...app.extra }
    const shown = new Map<string, Page>()
    const show: ShowUrl = async (url, { label }) => {
      const page = await driver.open(url)
      shown.set(label, page)
      // The app's word that it is closed comes after that of the case, which may have closed it.
      return { close: () => page.close().catch(() => {}) }
    }
    const options = { show, ...app.options }
    return new GroupApp(driver, await startTestApp({ commands: {}, html: FRONTEND, ...app, extra, options }), shown)
  }

  /** Throws what the case throws, and an `Error` when it takes too long. */
  async run(each: Case): Promise<void> {
    const opened: Page[] = []
    const open = async (label: string): Promise<Page> => {
      const page = await this.#testApp.open(this.#driver, label)
      opened.push(page)
      await page.waitFor(IS_THERE)
      return page
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      const page = await this.#freshPage()
      const { verdict = "works", leavesPage = verdict !== "works" } = each
      this.#isFresh = leavesPage
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done within ${CASE_MS} ms`)), CASE_MS)
      })
      const context: CaseContext = { testApp: this.#testApp, page, open, created: (label) => this.#created(label) }
      await Promise.race([each.run(context), late])
    } catch (error) {
      // Nobody knows what state it left.
      await this.#closePage()
      throw error
    } finally {
      clearTimeout(timer)
      // A case may have closed them itself.
      await Promise.allSettled([...opened, ...this.#shown.values()].map((page) => page.close()))
      this.#shown.clear()
    }
  }

  async #created(label: string): Promise<Page> {
    await eventually(`the window "${label}" is there`, () => this.#shown.has(label))
    const page = this.#shown.get(label) as Page
    await page.waitFor(IS_THERE)
    return page
  }

  async #freshPage(): Promise<Page> {
    if (this.#page !== undefined) {
      if (this.#isFresh) return this.#page
      try {
        await this.#page.goto(`${this.#testApp.app.origin}/index.html`)
        await this.#page.waitFor(IS_THERE)
        return this.#page
      } catch {
        await this.#closePage()
      }
    }
    this.#page = await this.#testApp.open(this.#driver)
    await this.#page.waitFor(IS_THERE)
    return this.#page
  }

  async #closePage(): Promise<void> {
    const page = this.#page
    this.#page = undefined
    await page?.close().catch(() => {})
  }

  async close(): Promise<void> {
    await this.#closePage()
    await this.#testApp.close()
  }
}
