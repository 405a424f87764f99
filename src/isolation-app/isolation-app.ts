import { createHash, type KeyObject, randomUUID } from "node:crypto"
import { join } from "node:path"
import { checkScript } from "./check-script.ts"
import { Folder, type IsolationAppFile } from "./folder.ts"
import { IsolationAppError } from "./isolation-app-error.ts"
import type { Lock } from "./lock.ts"
import { Page, type PageElement } from "./page.ts"
import { scriptKind } from "./script-kind.ts"
import { scriptPath } from "./script-path.ts"
import { readLock, verifyLockedFiles, verifyNothingElse } from "./verify-lock.ts"

export type { IsolationAppFile } from "./folder.ts"
export {
  ISOLATION_APP_ERRORS,
  IsolationAppError,
  type IsolationAppErrorCode,
  type Position,
} from "./isolation-app-error.ts"

/** An isolation app read into memory: what was read (and hashed) is what is served. */
export interface IsolationApp {
  /** Absolute path of the folder. */
  readonly dir: string
  /** `index.html` and the scripts it loads, sorted by path. Nothing else in the folder is ever used. */
  readonly files: readonly IsolationAppFile[]
  /** The CSP sources of its scripts, without quotes, each once: `sha256-` and base64. */
  readonly scripts: readonly string[]
  /** What `isolation.lock.json` said of it, when there was one. All of it is so. */
  readonly lock: Lock | null
  /** The document with `head` (runtime + session data, made by the server) as the first thing in `<head>`. */
  render(head: string): string
}

/** Attributes that say how to load a script, and mean nothing once it is inlined. */
const LOADING = ["src", "async", "defer", "integrity", "crossorigin", "charset", "fetchpriority", "referrerpolicy"]

export interface ReadOptions {
  /** Who must have signed its lock, an Ed25519 key. By default a lock may be missing, and anybody's. */
  readonly publicKey?: KeyObject | undefined
}

/**
 * Reads an isolation app, checks that it is the one that was locked, and that it can run in the isolation frame:
 *
 * 1. Each `<script src>` is inlined. A deferred one moves to the end of the body, for it expects the whole document.
 * 2. `<meta http-equiv="Content-Security-Policy">` is taken out: it was written for scripts in files, and the server sends a
 *    stricter policy. `<base>` is taken out: as in Tauri, paths start at the folder, and nothing else is ever loaded.
 * 3. The page as it will be served is parsed once more, as a browser will, and must hold exactly the scripts that were
 *    checked. These are hashed.
 *
 * @throws IsolationAppError
 */
export async function readIsolationApp(dir: string, options: ReadOptions = {}): Promise<IsolationApp> {
  const folder = await Folder.open(dir)
  const lock = await readLock(folder.dir, options.publicKey ?? null)
  if (lock !== null) await verifyLockedFiles(folder, lock)
  const index = join(folder.dir, "index.html")
  const page = new Page(await folder.read("index.html", "INDEX_MISSING"))
  removeWhatTheServerDecides(page, index)

  const running: PageElement[] = []
  const deferred: PageElement[] = []
  for (const script of page.elements("script")) {
    if (!runs(script, index)) continue
    const attributes = script.attributes
    await inline(script, folder, index)
    const waits = attributes.has("src") && attributes.has("defer") && !attributes.has("async")
    ;(waits ? deferred : running).push(script)
  }
  if (lock !== null) verifyNothingElse(folder, lock)
  page.moveToEnd(deferred)
  const texts = [...running, ...deferred].map((script) => script.text)
  if (!texts.some((text) => text.includes("__TAURI_ISOLATION_HOOK__"))) {
    throw new IsolationAppError("HOOK_NOT_MENTIONED", index, "no script of this page mentions __TAURI_ISOLATION_HOOK__")
  }

  const marker = randomUUID()
  const [before = "", after = ""] = page.serializeMarked(marker).split(`<!--${marker}-->`)
  const served = new Page(before + after).elements("script").filter((script) => runs(script, index))
  if (JSON.stringify(served.map((script) => script.text)) !== JSON.stringify(texts)) {
    throw new IsolationAppError("NOT_STABLE", index, "this page is not well-formed")
  }
  return {
    dir: folder.dir,
    files: folder.files,
    scripts: [...new Set(texts.map(cspSource))],
    lock,
    render: (head) => before + head + after,
  }
}

function removeWhatTheServerDecides(page: Page, index: string): void {
  for (const base of page.elements("base")) base.remove()
  for (const meta of page.elements("meta")) {
    const directive = meta.attributes.get("http-equiv")?.trim().toLowerCase()
    if (directive === "content-security-policy") meta.remove()
    if (directive === "refresh") {
      throw new IsolationAppError("META_REFRESH", index, '<meta http-equiv="refresh"> leaves the page', meta.position)
    }
  }
}

/** Whether a browser would run this script element in the isolation frame. */
function runs(script: PageElement, index: string): boolean {
  const kind = scriptKind(script.attributes)
  const fail = (code: "MODULE_SCRIPT" | "IMPORT_MAP" | "SCRIPT_IN_SVG" | "SCRIPT_TYPE", what: string): never => {
    throw new IsolationAppError(code, index, what, script.position)
  }
  if (!script.isHtml) fail("SCRIPT_IN_SVG", "this script is not an HTML element")
  if (kind === "module") fail("MODULE_SCRIPT", "this script is a module")
  if (kind === "importmap") fail("IMPORT_MAP", "this script is an import map")
  if (kind === "data" && script.attributes.has("src")) fail("SCRIPT_TYPE", "this script has a src, but would not run")
  return kind === "classic"
}

async function inline(script: PageElement, folder: Folder, index: string): Promise<void> {
  const src = script.attributes.get("src")
  if (src === undefined) return checkScript(script.text, index, script.textPosition ?? undefined)
  const path = scriptPath(src, index, script.position)
  const text = await folder.read(path, "SCRIPT_MISSING")
  checkScript(text, join(folder.dir, path))
  script.setText(text)
  script.removeAttributes(LOADING)
}

const cspSource = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`
