import { createHash } from "node:crypto"
import { rmSync } from "node:fs"
import { cp, mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { writeEmbedded } from "../scripts/embed.ts"
import type { Replacement } from "./attack.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
/** Inside the project, so that what the source imports is found; not in git. */
const FOLDER = join(root, ".weakened")

/** What runs in browsers, and is embedded as text. */
const EMBEDDED = /^(page|sandbox|protocol)\//

const made = new Map<string, Promise<string>>()
const copies = new Set<string>()
process.once("exit", () => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true })
})

/**
 * A copy of the source with a defence switched off, made once.
 *
 * @returns URL of its `index.ts`, which Node runs as it is
 * @throws Error when a text to replace does not stand in its file exactly once
 */
export function weakenedSource(weakness: Replacement | readonly Replacement[]): Promise<string> {
  const replacements = [weakness].flat()
  const name = createHash("sha256").update(JSON.stringify(replacements)).digest("hex").slice(0, 16)
  const known = made.get(name) ?? weakened(replacements, join(FOLDER, `${name}-${process.pid}`))
  made.set(name, known)
  return known
}

async function weakened(replacements: readonly Replacement[], copy: string): Promise<string> {
  await mkdir(copy, { recursive: true })
  copies.add(copy)
  await cp(join(root, "src"), join(copy, "src"), { recursive: true })
  // Without the package's own settings Node takes the files for CommonJS.
  for (const settings of ["package.json", "tsconfig.json"]) await cp(join(root, settings), join(copy, settings))
  for (const replacement of replacements) await replaceIn(copy, replacement)
  if (replacements.some(({ file }) => EMBEDDED.test(file))) await writeEmbedded(copy)
  return pathToFileURL(join(copy, "src/index.ts")).href
}

async function replaceIn(copy: string, { off, file, find, replace }: Replacement): Promise<void> {
  const path = join(copy, "src", file)
  const source = await readFile(path, "utf8")
  const found = source.split(find).length - 1
  if (found !== 1) throw new Error(`"${off}" cannot be switched off: its text stands ${found} times in src/${file}`)
  await writeFile(
    path,
    source.replace(find, () => replace),
  )
}
