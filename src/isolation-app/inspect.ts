import { type KeyObject, randomUUID } from "node:crypto"
import { join } from "node:path"
import { bare } from "../boundary/wire/own.ts"
import type { MemoryFiles } from "../files/memory-files.ts"
import { checkScript } from "./check-script.ts"
import { Folder } from "./folder.ts"
import { IsolationAppError, type Position } from "./isolation-app-error.ts"
import type { Lock } from "./lock.ts"
import { Page, type PageElement } from "./page.ts"
import { scriptKind } from "./script-kind.ts"
import { scriptPath } from "./script-path.ts"
import { readLock, verifyLockedFiles, verifyNothingElse } from "./verify-lock.ts"

/** A script that would run in the isolation frame. */
export interface InspectedScript {
  /** Absolute path of the file that it stands in: its own, or that of the page. */
  readonly file: string
  /** What runs, and what stands in the file: they differ where the file is written in another language. */
  readonly text: string
  readonly written: string
  /** Where in the file it begins. */
  readonly start: Position
}

/** An isolation app as it was found. */
export interface Inspection {
  readonly folder: Folder
  /** Absolute path of `index.html`; its text, and where its elements stood before anything was moved. */
  readonly index: string
  readonly html: string
  /** In the order in which they run. */
  readonly scripts: readonly InspectedScript[]
  /** What `isolation.lock.json` said of it, when there was one. */
  readonly lock: Lock | null
  /** The page as it will be served, in two parts: what the server adds goes between. `null` when something was reported. */
  readonly served: readonly [before: string, after: string] | null
}

export interface InspectOptions {
  /** Who must have signed its lock, an Ed25519 key. By default a lock may be missing, and anybody's. */
  readonly publicKey?: KeyObject | undefined
  /** Where the folder is, when not on the disk. */
  readonly carried?: MemoryFiles | null | undefined
  /** Makes a script of what a file holds. May throw an `IsolationAppError`. */
  readonly toScript?: (text: string, file: string) => string
}

/** Attributes that say how to load a script, and mean nothing once it is inlined. */
const LOADING = ["src", "async", "defer", "integrity", "crossorigin", "charset", "fetchpriority", "referrerpolicy"]

/**
 * Looks at an isolation app as a launch does, and reports everything that a launch would refuse. `report` may throw: then
 * the first one ends the inspection.
 */
export async function inspectIsolationApp(
  dir: string,
  report: (error: IsolationAppError) => void,
  options: InspectOptions = {},
): Promise<Inspection | null> {
  const { publicKey, carried = null, toScript = (text: string) => text } = bare(options)
  let reported = false
  const refuse = (error: IsolationAppError): void => {
    reported = true
    report(error)
  }
  const attempt = async <T>(step: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await step()
    } catch (error) {
      if (!(error instanceof IsolationAppError)) throw error
      refuse(error)
      return null
    }
  }

  const folder = await attempt(() => Folder.open(dir, carried))
  if (folder === null) return null
  const lock = await attempt(async () => {
    const read = await readLock(folder.dir, publicKey ?? null, carried)
    if (read !== null) await verifyLockedFiles(folder, read)
    return read
  })
  const index = join(folder.dir, "index.html")
  const html = await attempt(() => folder.read("index.html", "INDEX_MISSING"))
  if (html === null) return null
  const page = new Page(html)
  removeWhatTheServerDecides(page, index, refuse)

  let isWhole = true
  const running: [PageElement, InspectedScript][] = []
  const deferred: [PageElement, InspectedScript][] = []
  for (const element of page.elements("script")) {
    const before = reported
    if (!runs(element, index, refuse)) {
      if (reported && !before) isWhole = false
      continue
    }
    const attributes = element.attributes
    const script = await attempt(() => read(element, folder, index, toScript))
    if (script === null) {
      isWhole = false
      continue
    }
    await attempt(() => checkScript(script.text, script.file, script.start))
    if (attributes.has("src")) {
      element.setText(script.text)
      element.removeAttributes(LOADING)
    }
    const waits = attributes.has("src") && attributes.has("defer") && !attributes.has("async")
    ;(waits ? deferred : running).push([element, script])
  }
  if (lock !== null) await attempt(() => verifyNothingElse(folder, lock))
  page.moveToEnd(deferred.map(([element]) => element))
  const scripts = [...running, ...deferred].map(([, script]) => script)
  // A script that could not be read may have been the one.
  if (isWhole && !scripts.some(({ text }) => text.includes("__TAURI_ISOLATION_HOOK__"))) {
    refuse(
      new IsolationAppError("HOOK_NOT_MENTIONED", index, "no script of this page mentions __TAURI_ISOLATION_HOOK__"),
    )
  }

  const marker = randomUUID()
  const [before = "", after = ""] = page.serializeMarked(marker).split(`<!--${marker}-->`)
  if (!reported) {
    const served = new Page(before + after).elements("script").filter((element) => runs(element, index, refuse))
    if (JSON.stringify(served.map(({ text }) => text)) !== JSON.stringify(scripts.map(({ text }) => text)))
      refuse(new IsolationAppError("NOT_STABLE", index, "this page is not well-formed"))
  }
  return { folder, index, html, scripts, lock, served: reported ? null : [before, after] }
}

type Refuse = (error: IsolationAppError) => void

function removeWhatTheServerDecides(page: Page, index: string, refuse: Refuse): void {
  for (const base of page.elements("base")) base.remove()
  for (const meta of page.elements("meta")) {
    const directive = meta.attributes.get("http-equiv")?.trim().toLowerCase()
    if (directive === "content-security-policy") meta.remove()
    if (directive === "refresh") {
      refuse(new IsolationAppError("META_REFRESH", index, '<meta http-equiv="refresh"> leaves the page', meta.position))
    }
  }
}

/** Whether a browser would run this script element in the isolation frame. */
function runs(script: PageElement, index: string, refuse: Refuse): boolean {
  const kind = scriptKind(script.attributes)
  const fail = (code: "MODULE_SCRIPT" | "IMPORT_MAP" | "SCRIPT_IN_SVG" | "SCRIPT_TYPE", what: string): false => {
    refuse(new IsolationAppError(code, index, what, script.position))
    return false
  }
  if (!script.isHtml) return fail("SCRIPT_IN_SVG", "this script is not an HTML element")
  if (kind === "module") return fail("MODULE_SCRIPT", "this script is a module")
  if (kind === "importmap") return fail("IMPORT_MAP", "this script is an import map")
  if (kind === "data" && script.attributes.has("src"))
    return fail("SCRIPT_TYPE", "this script has a src, but would not run")
  return kind === "classic"
}

async function read(
  script: PageElement,
  folder: Folder,
  index: string,
  toScript: (text: string, file: string) => string,
): Promise<InspectedScript> {
  const src = script.attributes.get("src")
  if (src === undefined) {
    const start = script.textPosition ?? { line: 1, column: 1 }
    return { file: index, text: script.text, written: script.text, start }
  }
  const path = scriptPath(src, index, script.position)
  const written = await folder.read(path, "SCRIPT_MISSING")
  const file = join(folder.dir, path)
  return { file, text: toScript(written, file), written, start: { line: 1, column: 1 } }
}
