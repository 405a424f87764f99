import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after } from "node:test"

const temporary: string = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-isolation-")))
after(() => rmSync(temporary, { recursive: true }))

/** Makes a folder with these files in it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(temporary, "app-"))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** The smallest script that sets a hook. */
export const HOOK = "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload"

export const html = (body: string, head = ""): string =>
  `<!doctype html><html><head>${head}</head><body>${body}</body></html>`
