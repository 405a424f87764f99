import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises"
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import { pipeline } from "node:stream/promises"
import { isRecord } from "../../../config/records.ts"
import { abandoned, beside } from "../../../isolation-app/beside.ts"
import { CommandError } from "../../run-command.ts"

/** In the folder of a build: what it consists of, by name, with SHA-256 in hex. */
export const MANIFEST = "sallyport-build.json"

/** The hashes of all files in a folder, by name, with `/`, sorted. */
export async function hashesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {}
  for (const name of await namesIn(folder)) {
    const hash = createHash("sha256")
    await pipeline(createReadStream(join(folder, name)), hash)
    hashes[name] = hash.digest("hex")
  }
  return hashes
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort()
}

/**
 * Makes sure that nothing of anybody's is lost when a folder is replaced: it is missing, empty, or as a build has written it.
 *
 * @throws CommandError
 */
export async function assertReplaceable(out: string): Promise<void> {
  const refuse = (what: string): never => {
    throw new CommandError(`${out}: ${what}. Move it elsewhere or delete it, or name another folder with --out`)
  }
  const found = await lstat(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw new CommandError(`${out}: cannot be written: ${error.message}`)
  })
  if (found === null) return
  if (!found.isDirectory()) refuse(found.isSymbolicLink() ? "this is a link" : "this is a file, not a folder")
  const names = await namesIn(out)
  if (names.length === 0) return
  const built = await readManifest(out)
  if (built === null) return refuse(`this folder holds what no build wrote: ${names.slice(0, 3).join(", ")}`)
  const hashes = await hashesOf(out)
  for (const [name, hash] of Object.entries(hashes)) {
    if (name === MANIFEST || built[name] === hash) continue
    refuse(Object.hasOwn(built, name) ? `${name} was changed after it was built` : `no build wrote the ${name} in it`)
  }
}

async function readManifest(out: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(out, MANIFEST), "utf8"))
    return isRecord(value) && isRecord(value.files) ? value.files : null
  } catch {
    return null
  }
}

/**
 * Makes sure that a build is not put where it would become a part of the next one, or take the place of what it is made of.
 *
 * @param sources absolute paths of folders and files that it is made of
 * @throws CommandError
 */
export async function assertOutside(out: string, sources: readonly string[]): Promise<void> {
  const real = await realOf(out)
  for (const source of sources) {
    const other = await realOf(source)
    if (isIn(real, other) || real === other)
      throw new CommandError(
        `${out}: ${real === other ? "this is" : "it holds"} ${source}, of which the app is made: name another folder with --out`,
      )
    if (isIn(other, real))
      throw new CommandError(`${out}: this is in ${source}, of which the app is made: name another folder with --out`)
  }
}

function isIn(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Without links, as far as it is there. */
async function realOf(path: string): Promise<string> {
  const whole = resolve(path)
  const real = await realpath(whole).catch(() => null)
  if (real !== null) return real
  return dirname(whole) === whole ? whole : join(await realOf(dirname(whole)), relative(dirname(whole), whole))
}

/**
 * Writes a folder beside `out`, and puts it in its place when it is complete: `out` is at no time half old and half new, and what goes
 * wrong leaves it as it was.
 *
 * @param write fills the new folder
 * @throws CommandError, and what `write` throws
 */
export async function replaceOutput(out: string, write: (folder: string) => Promise<void>): Promise<void> {
  await assertReplaceable(out)
  await clearUp(out)
  const folder = beside(out, "new")
  try {
    await attempt(out, () => mkdir(folder, { recursive: true }))
    await write(folder)
    const manifest = `${JSON.stringify({ version: 1, files: await hashesOf(folder) }, null, 2)}\n`
    await attempt(out, () => writeFile(join(folder, MANIFEST), manifest))
    // Building takes its time: what was put into it meanwhile is somebody's.
    await assertReplaceable(out)
    await attempt(out, () => exchange(out, folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function exchange(out: string, folder: string): Promise<void> {
  const old = beside(out, "old")
  const moved = await rename(out, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false
      throw error
    },
  )
  try {
    await rename(folder, out)
  } catch (error) {
    if (moved) await rename(old, out)
    throw error
  }
  if (moved) await rm(old, { recursive: true, force: true })
}

/** Removes what builds that were killed have left, and puts back what one had moved away. */
async function clearUp(out: string): Promise<void> {
  for (const left of await abandoned(out)) {
    const isNeeded = left.endsWith(".old") && (await lstat(out).catch(() => null)) === null
    if (isNeeded) await rename(left, out)
    else await rm(left, { recursive: true, force: true })
  }
}

/** Says of what the system refuses that it is about writing this folder. */
async function attempt(out: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw new CommandError(`${out}: cannot be written: ${(error as Error).message}`)
  }
}

/** Writes files into a folder of a build. */
export async function writeParts(folder: string, parts: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await attempt(folder, async () => {
    for (const [name, bytes] of parts) {
      const file = join(folder, name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, bytes, { flag: "wx" })
    }
  })
}
