import { createHash } from "node:crypto"
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { writeEmbedded } from "../scripts/embed.ts"
import type { Replacement } from "./attack.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
/** Inside the project, so that what the source imports is found; not in git. */
const FOLDER = join(root, ".weakened")

/** What runs in browsers, and is embedded as text. */
const EMBEDDED = /^(page|sandbox|protocol)\//

/**
 * A copy of the source with one defence switched off.
 *
 * @returns URL of its `index.ts`, which Node runs as it is
 * @throws Error when the text to replace does not stand in the file exactly once
 */
export async function weakenedSource(replacement: Replacement): Promise<string> {
  const { off, file, find, replace } = replacement
  const source = await readFile(join(root, "src", file), "utf8")
  const found = source.split(find).length - 1
  if (found !== 1) throw new Error(`"${off}" cannot be switched off: its text stands ${found} times in src/${file}`)
  const name = createHash("sha256").update(JSON.stringify(replacement)).digest("hex").slice(0, 16)
  const copy = join(FOLDER, `${name}-${process.pid}`)
  await mkdir(copy, { recursive: true })
  process.once("exit", () => void rm(copy, { recursive: true, force: true }))
  await cp(join(root, "src"), join(copy, "src"), { recursive: true })
  // Without the package's own settings Node takes the files for CommonJS.
  for (const settings of ["package.json", "tsconfig.json"]) await cp(join(root, settings), join(copy, settings))
  await writeFile(
    join(copy, "src", file),
    source.replace(find, () => replace),
  )
  if (EMBEDDED.test(file)) await writeEmbedded(copy)
  return pathToFileURL(join(copy, "src/index.ts")).href
}
