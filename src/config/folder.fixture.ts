import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after } from "node:test"

const temporary: string = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-config-")))
after(() => rmSync(temporary, { recursive: true }))

/** Files by their path: texts as they stand, everything else as JSON. */
export type Files = Readonly<Record<string, unknown>>

/** Makes a folder with these files in it. */
export function folderWith(files: Files): string {
  const folder = mkdtempSync(join(temporary, "app-"))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content))
  }
  return folder
}
