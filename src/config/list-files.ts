import type { Dirent } from "node:fs"
import { readdir, realpath, stat } from "node:fs/promises"
import { basename, join, sep } from "node:path"
import type { MemoryFiles } from "../files/memory-files.ts"
import type { ConfigProblem } from "./config-error.ts"

/** Formats that somebody may expect to be read: a file in one of them that is passed over would grant, or deny, nothing. */
const LOOKS_READ = /\.(json|json5|jsonc|toml|yaml|yml)$/i

/**
 * The files of a folder, at any depth, whose names end like this (`"json"`), in order; those in folders named `schemas` are
 * left out, as Tauri does. `null`: there is no such folder.
 *
 * What is granted must be what can be seen in the folder: a link that leads out of it is a problem, and so is one to a
 * folder, into which Tauri does not look.
 *
 * @param carried where the folder is, when not on the disk. A build put there what was read, and nothing else.
 */
export async function listFiles(
  folder: string,
  endings: readonly string[],
  problems: ConfigProblem[],
  carried: MemoryFiles | null = null,
): Promise<readonly string[] | null> {
  if (carried !== null) return listCarried(carried.list(folder), endings)
  const report = (file: string, code: ConfigProblem["code"], message: string): void =>
    void problems.push({ code, file, path: null, message })
  let entries: Dirent[]
  let root: string
  try {
    root = await realpath(folder)
    entries = await readdir(root, { recursive: true, withFileTypes: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === "ENOENT") return null
    report(folder, "UNREADABLE", code === "ENOTDIR" ? "is no folder" : `cannot be read: ${message}`)
    return null
  }
  const files: string[] = []
  for (const entry of entries) {
    const file = join(folder, entry.parentPath.slice(root.length), entry.name)
    if (entry.isDirectory() || basename(entry.parentPath) === "schemas") continue
    if (entry.isSymbolicLink()) {
      const target = await realpath(join(entry.parentPath, entry.name)).catch(() => null)
      const leadsToFolder = target !== null && (await stat(target)).isDirectory()
      if (!leadsToFolder && !LOOKS_READ.test(entry.name)) continue
      if (target === null || leadsToFolder || !target.startsWith(root + sep)) {
        report(file, "LINK_OUTSIDE", `is a link to ${target ?? "nothing"}: put the files themselves into ${folder}`)
        continue
      }
    } else if (!LOOKS_READ.test(entry.name)) continue
    else if (!entry.isFile()) {
      report(file, "UNREADABLE", "is no file")
      continue
    }
    if (endings.some((ending) => entry.name.endsWith(`.${ending}`))) files.push(file)
    else report(file, "UNREADABLE", `is not read here: name it ${endings.map((ending) => `*.${ending}`).join(", ")}`)
  }
  return files.sort()
}

function listCarried(paths: readonly string[], endings: readonly string[]): readonly string[] | null {
  const files = paths.filter((path) => endings.some((ending) => path.endsWith(`.${ending}`)))
  return files.length === 0 ? null : files
}
