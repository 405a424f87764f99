import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

/**
 * A page on disk that goes to a launch link. The link must not stand in a process's argument list, which other users of
 * the machine can read: a browser is started on this file, which only this user can.
 */
export class RedirectFile {
  readonly #folder: string
  /** `file:` URL. */
  readonly url: string

  constructor(launchUrl: string) {
    // mkdtemp makes the folder 0700. Scopes of paths keep pages out of folders of this name (src/directories/off-limits.ts).
    this.#folder = mkdtempSync(join(tmpdir(), "sallyport-open-"))
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
