import { readdir, readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { isRecord, own } from "../../../config/records.ts"

/** The name in a build of what the authors of its packages ask to be passed on. */
export const LICENSES = "LICENSES.txt"

const RULE = `${"-".repeat(80)}\n`

/**
 * The license texts of the packages that a bundle was made of, by name: nearly all licenses ask that they go with every copy. Empty
 * where there are no packages.
 *
 * @param root the project's folder, which is no package of somebody else
 * @param sources absolute paths
 */
export async function licensesOf(root: string, sources: readonly string[]): Promise<string> {
  const folders = new Map<string, string | null>()
  const packages = new Map<string, string>()
  for (const source of sources) {
    const folder = await packageOf(dirname(source), folders)
    if (folder === null || folder === root || packages.has(folder)) continue
    packages.set(folder, await describe(folder))
  }
  return [...new Set(packages.values())]
    .sort()
    .map((text) => RULE + text)
    .join("\n")
}

/** The folder of the package that a folder is in: the nearest one above whose `package.json` has a name. Others only set a format. */
async function packageOf(folder: string, known: Map<string, string | null>): Promise<string | null> {
  const found = known.get(folder)
  if (found !== undefined) return found
  const isPackage = typeof own(await manifestOf(folder), "name") === "string"
  const above = dirname(folder)
  const result = isPackage ? folder : above === folder ? null : await packageOf(above, known)
  known.set(folder, result)
  return result
}

async function manifestOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
    return isRecord(manifest) ? manifest : {}
  } catch {
    return {}
  }
}

async function describe(folder: string): Promise<string> {
  const manifest = await manifestOf(folder)
  const license = own(manifest, "license")
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)\b/i.test(name)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")))
  const terms = typeof license === "string" ? `, ${license}` : ""
  return [
    `${own(manifest, "name")} ${own(manifest, "version") ?? ""}${terms}\n`,
    ...texts.map((text) => `${text.trim()}\n`),
  ].join("\n")
}
