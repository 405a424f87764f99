import type { Profiler } from "node:inspector"
import puppeteer, { type Browser, type CDPSession, type Page } from "puppeteer-core"
import { chromiumOptions } from "../../e2e/drivers/chromium.ts"
import type { CoreProcess } from "../core/core-process.ts"
import { type ScriptText, withSources } from "./sources.ts"

/** A window of an app in a Chromium of its own, with a line to the debugger of its page and, in isolation, to its frame's. */
export class ProfiledWindow {
  readonly version: string
  readonly #browser: Browser
  readonly #tab: Page
  readonly page: Realm
  readonly sandbox: Realm | null

  private constructor(browser: Browser, version: string, tab: Page, page: Realm, sandbox: Realm | null) {
    this.#browser = browser
    this.version = version
    this.#tab = tab
    this.page = page
    this.sandbox = sandbox
  }

  /**
   * @param isIsolated whether there will be a frame
   * @param first a script that runs in page and frame before every other
   */
  static async open(core: CoreProcess, isIsolated: boolean, first = ""): Promise<ProfiledWindow> {
    const browser = await puppeteer.launch(chromiumOptions())
    try {
      const tab = await browser.newPage()
      const page = await tab.createCDPSession()
      const frame = frameOf(page, first)
      await page.send("Page.enable")
      await page.send("Page.addScriptToEvaluateOnNewDocument", { source: first })
      // The frame waits until its first script is there.
      await page.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })
      await tab.goto(await core.launchUrl())
      await tab.waitForFunction('typeof __TAURI_INTERNALS__ === "object"')
      await tab.evaluate('__TAURI_INTERNALS__.invoke("echo", {})')
      const sandbox = isIsolated ? new Realm(await frame) : null
      return new ProfiledWindow(browser, await browser.version(), tab, new Realm(page), sandbox)
    } catch (error) {
      await browser.close()
      throw error
    }
  }

  /** Runs a script, the body of an async function, in the page. What it returns must be JSON. */
  run<T>(script: string): Promise<T> {
    return this.#tab.evaluate(`(async () => {${script}\n})()`) as Promise<T>
  }

  close(): Promise<void> {
    return this.#browser.close()
  }
}

/** One of the window's documents, as its debugger knows it. */
export class Realm {
  readonly #session: CDPSession

  constructor(session: CDPSession) {
    this.#session = session
  }

  /** Takes the value of an expression. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result } = await this.#session.send("Runtime.evaluate", { expression, returnByValue: true })
    return result.value as T
  }

  async startProfile(samplingUs: number): Promise<void> {
    await this.#session.send("Profiler.enable")
    await this.#session.send("Profiler.setSamplingInterval", { interval: samplingUs })
    await this.#session.send("Profiler.start")
  }

  /** The profile, in which each function's address is the file under `src/` that it is from, where it is from one. */
  async stopProfile(): Promise<Profiler.Profile> {
    const { profile } = await this.#session.send("Profiler.stop")
    return withSources(profile as Profiler.Profile, await this.#scripts())
  }

  /** Every script there is. Only now: a debugger that is at work slows what is measured. */
  async #scripts(): Promise<Map<string, ScriptText>> {
    const found: { readonly id: string; readonly startLine: number }[] = []
    const parsed = ({ scriptId, startLine }: { scriptId: string; startLine: number }): void =>
      void found.push({ id: scriptId, startLine })
    this.#session.on("Debugger.scriptParsed", parsed)
    await this.#session.send("Debugger.enable")
    const texts = new Map<string, ScriptText>()
    for (const { id, startLine } of found) {
      const { scriptSource } = await this.#session.send("Debugger.getScriptSource", { scriptId: id })
      texts.set(id, { startLine, text: scriptSource })
    }
    await this.#session.send("Debugger.disable")
    this.#session.off("Debugger.scriptParsed", parsed)
    return texts
  }
}

/** The session with the isolation frame's process, when the frame is there and has run its first script. */
function frameOf(page: CDPSession, first: string): Promise<CDPSession> {
  return new Promise((resolve, reject) => {
    page.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      const session = page.connection()?.session(sessionId)
      if (!session) return
      const start = async (): Promise<void> => {
        if (targetInfo.type === "iframe") {
          await session.send("Page.enable")
          await session.send("Page.addScriptToEvaluateOnNewDocument", { source: first })
        }
        await session.send("Runtime.runIfWaitingForDebugger")
        if (targetInfo.type === "iframe") resolve(session)
      }
      start().catch(reject)
    })
  })
}
