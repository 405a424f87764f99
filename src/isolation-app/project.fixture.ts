import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { folderWith, html } from "./folder.fixture.ts"

export type Files = Readonly<Record<string, string | Uint8Array>>

export const TYPED: string =
  "(window as any).__TAURI_ISOLATION_HOOK__ = (payload: { cmd: string }): object => payload\n"
export const SOURCE: Files = {
  "index.html": html('<script src="lib/check.js"></script>\n<script src="hook.ts"></script>'),
  "hook.ts": TYPED,
  "lib/check.js": "const check = true\n",
  "README.md": "not loaded",
}

/** A project: its source is in `src-isolation`, and `dist-isolation` is built. */
export function project(
  source: Files,
  built: Files = {},
): { readonly source: string; readonly dir: string; readonly root: string } {
  const inside = (folder: string, files: Files) =>
    Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]))
  const root = folderWith({ ...inside("src-isolation", source), ...inside("dist-isolation", built) })
  return { source: join(root, "src-isolation"), dir: join(root, "dist-isolation"), root }
}

/** What is in a folder, by name. */
export const contents = (dir: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(dir)
      .sort()
      .map((name) => [name, readFileSync(join(dir, name), "utf8")]),
  )
