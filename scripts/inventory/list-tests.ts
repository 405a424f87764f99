import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { SELECTION_VARIABLE, type Selection } from "../selection.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const program = fileURLToPath(new URL("print-titles.ts", import.meta.url))

/**
 * Returns the titles of the tests of each file that a run with this selection runs. Nothing is run: a process
 * imports the files. A file that cannot be imported is missing in the result.
 */
export async function listTests(
  files: readonly string[],
  selection: Selection,
): Promise<Readonly<Record<string, readonly string[]>>> {
  if (files.length === 0) return {}
  // Files that make a folder while they are imported have their tests remove it.
  const folder = await mkdtemp(join(tmpdir(), "sallyport-titles-"))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...files], {
      cwd: root,
      env: { ...process.env, TMPDIR: folder, [SELECTION_VARIABLE]: selection },
      maxBuffer: 2 ** 26,
    })
    return JSON.parse(stdout) as Record<string, readonly string[]>
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
