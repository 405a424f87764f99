import type { Page } from "../e2e/drivers/driver.ts"
import type { TestApp, TestAppOptions } from "../e2e/fixture.ts"

/** What becomes of a function of `@tauri-apps/api` here. */
export type Verdict = "works" | "refused" | "not applicable"

/** One promise about functions of `@tauri-apps/api`, shown in a real browser with a real Core. */
export interface Case {
  /**
   * What it shows, as exported: `event.listen`, `window.Window.setTitle`, `window.Window.getByLabel`,
   * `core.Channel.constructor`, `core.Channel.[SERIALIZE_TO_IPC_FN]`. One or more.
   */
  readonly shows: string | readonly string[]
  /** The promise, as a sentence. */
  readonly name: string
  /**
   * Default "works". "refused": rejects with a message that says why. "not applicable": nothing of it exists in a browser
   * window on a desktop.
   */
  readonly verdict?: Verdict
  /** For the table, when it is not "works". */
  readonly reason?: string
  /**
   * Why the default run has it in every browser. Absent: it shows the package, the bridge and the Core, which are the same in all,
   * and the default run has it in Chromium only.
   */
  readonly everyBrowser?: string
  /** Whether it leaves the page as it was, for the next case to use. Default: when the verdict is not "works". */
  readonly leavesPage?: boolean
  /** Throws when the promise is broken. */
  run(context: CaseContext): Promise<void>
}

/** What a case works with. */
export interface CaseContext {
  /** Isolated, with a hook that passes everything, unless the case's group says otherwise. */
  readonly testApp: TestApp
  /** The window "main", as it is when it has loaded. Its global `tauri` is the whole of `@tauri-apps/api`, bundled unmodified. */
  readonly page: Page
  /** Opens another window of the app, closed after the case. */
  open(label: string): Promise<Page>
  /** A window that a page has the app create, when it is there; closed after the case. */
  created(label: string): Promise<Page>
}

/** The cases of one module, and the app that they share. */
export interface CaseGroup {
  readonly name: string
  readonly cases: readonly Case[]
  /** What the app has beyond the usual: commands, windows, configuration. */
  readonly app?: Partial<TestAppOptions>
}

/** The functions that a case shows. */
export function shownBy({ shows }: Case): readonly string[] {
  return typeof shows === "string" ? [shows] : shows
}
