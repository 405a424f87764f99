import { mkdir } from "node:fs/promises"
import { inParent, lookAt } from "./pinned.ts"
import type { ResolvedPath } from "./real-path.ts"
import { pathsOf } from "./system.ts"

const paths = pathsOf(process.platform)

/** Makes a directory in one that exists. Given a number alone, Node would read `recursive` from `Object.prototype`. */
export async function makeOne(path: ResolvedPath, mode: number): Promise<void> {
  await inParent(path, (at) => mkdir(at, { mode, recursive: false }))
}

/** Makes a directory, and those above it that are missing. One that exists is no error. */
export async function makeAll(path: ResolvedPath, mode: number): Promise<void> {
  try {
    await makeOne(path, mode)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const parent = paths.dirname(path.real)
    if (code === "EEXIST" && (await lookAt(path)).isDirectory()) return
    if (code !== "ENOENT" || parent === path.real) throw error
    await makeAll({ lexical: paths.dirname(path.lexical), real: parent }, mode)
    await makeOne(path, mode)
  }
}
