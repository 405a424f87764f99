import { createHash } from "node:crypto"
import { mkdirSync, rmSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { bundleSource, inPlaceOf } from "../scripts/bundle-source.ts"
import type { Replacement } from "./attack.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
/** Inside the project, so that what the source imports is found; not in git. */
const FOLDER = join(root, ".weakened")

/** What runs in browsers, and is embedded as text. */
const EMBEDDED = /^(page|protocol|boundary\/(sandbox|wire))\//

const made = new Map<string, Promise<string>>()
const files = new Set<string>()
process.once("exit", () => {
  for (const file of files) rmSync(file, { force: true })
})

/**
 * The source with a defence switched off, bundled into one module; made once. One file loads faster than two hundred, and
 * nothing has to be copied.
 *
 * @returns URL of the module, which stands for `src/index.ts`
 * @throws Error when a text to replace does not stand in its file exactly once
 */
export function weakenedSource(weakness: Replacement | readonly Replacement[]): Promise<string> {
  const replacements = [weakness].flat()
  const name = createHash("sha256").update(JSON.stringify(replacements)).digest("hex").slice(0, 16)
  const known = made.get(name) ?? weakened(replacements, join(FOLDER, `${name}-${process.pid}.mjs`))
  made.set(name, known)
  return known
}

/**
 * The files that a weakness changes, by their paths under `src/`, as it leaves them.
 *
 * @throws Error when a text to replace does not stand in its file exactly once
 */
export async function weakenedTexts(replacements: readonly Replacement[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const replacement of replacements) {
    const { file } = replacement
    texts.set(file, replaceIn(texts.get(file) ?? (await readFile(join(root, "src", file), "utf8")), replacement))
  }
  return texts
}

async function weakened(replacements: readonly Replacement[], file: string): Promise<string> {
  const texts = await weakenedTexts(replacements)
  const isEmbedded = replacements.some(({ file }) => EMBEDDED.test(file))
  const source = await bundleSource(texts, isEmbedded ? inPlaceOf(texts) : null)
  mkdirSync(FOLDER, { recursive: true })
  files.add(file)
  await writeFile(file, source)
  return pathToFileURL(file).href
}

function replaceIn(source: string, { off, file, find, replace }: Replacement): string {
  const found = source.split(find).length - 1
  if (found !== 1) throw new Error(`"${off}" cannot be switched off: its text stands ${found} times in src/${file}`)
  return source.replace(find, () => replace)
}
