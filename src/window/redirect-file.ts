import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const PREFIX = "sallyport-open-"
/** Older than this no launch ticket works, in ms; the rest is for clocks. */
const ABANDONED_MS = 10 * 60_000

/**
 * A page on disk that goes to a launch link. The link must not stand in a process's argument list, which other users of
 * the machine can read: a browser is started on this file, which only this user can.
 */
export class RedirectFile {
  readonly #folder: string
  /** `file:` URL. */
  readonly url: string

  constructor(launchUrl: string) {
    deleteAbandoned()
    // mkdtemp makes the folder 0700. Scopes of paths keep pages out of folders of this name (src/directories/off-limits.ts).
    this.#folder = mkdtempSync(join(tmpdir(), PREFIX))
    const file = join(this.#folder, "open.html")
    const script = `location.replace(${JSON.stringify(launchUrl).replaceAll("<", "\\u003c")})`
    writeFileSync(file, `<!doctype html><meta charset="utf-8"><title>Opening</title><script>${script}</script>\n`, {
      mode: 0o600,
    })
    this.url = pathToFileURL(file).href
  }

  delete(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** What processes have left that were killed while a window opened. Another user's folders cannot be deleted, and need not be. */
function deleteAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX)))
    try {
      const folder = join(tmpdir(), name)
      if (Date.now() - statSync(folder).mtimeMs > ABANDONED_MS) rmSync(folder, { recursive: true, force: true })
    } catch {}
}
