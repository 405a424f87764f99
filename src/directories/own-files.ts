import { type BigIntStats, readdirSync, realpathSync, statSync } from "node:fs"
import { basename, dirname, join, resolve, sep } from "node:path"

/**
 * Files that the Core keeps for itself. No plugin opens, creates, moves or removes one, whatever scope allows it, for a page
 * could hide its traces with them, or change what the Core does from the next start on.
 *
 * A file is recognized by its path; by its name and its folder, where the folder has been moved or is mounted elsewhere;
 * and by device and inode, where it has a second name (a hard link). Letters of two cases are the same here on every system.
 */
export interface OwnFiles {
  /** Absolute path of a folder. */
  readonly folder: string
  /** Names of files in it, those that do not exist yet, too; `"all"`: everything in it and in the folders below. */
  readonly names: RegExp | "all"
  /** The file that the Core has open now, under whatever name it is by now. */
  readonly open?: (() => FileIdentity | null) | undefined
}

/** What a file is, whatever it is called. */
export type FileIdentity = Pick<BigIntStats, "dev" | "ino">

interface Kept extends OwnFiles {
  /** The folder as given and without links, to compare paths with. */
  readonly paths: readonly string[]
  /** The folder when it was named, which may be moved later. */
  readonly identity: FileIdentity | null
}

/** Of all apps of this process. */
const kept = new Set<Kept>()

/**
 * Adds to the files that no plugin opens.
 *
 * @returns what takes them out again
 */
export function keepOwnFiles(files: readonly OwnFiles[]): () => void {
  const added = files.map((own): Kept => {
    const folder = resolve(own.folder)
    const paths = [...new Set([folder, realOf(folder)].map(folded))]
    // Not the `open` of `Object.prototype`, if it has one.
    return { open: undefined, ...own, folder, paths, identity: look(folder) }
  })
  for (const own of added) kept.add(own)
  return () => {
    for (const own of added) kept.delete(own)
  }
}

/** Returns whether a path, as it is written, is one of the Core's own files, or would become one. */
export function isOwnPath(path: string): boolean {
  const [whole, folder, name] = [folded(path), folded(dirname(path)), nameOf(path)]
  return some(({ names, paths }) =>
    names === "all"
      ? paths.some((own) => whole === own || whole.startsWith(own + sep))
      : paths.includes(folder) && names.test(name),
  )
}

/** Returns whether a folder holds own files, at any depth: it must not be moved, nor removed with all it holds. */
export function holdsOwnFiles(path: string): boolean {
  const whole = folded(path)
  const found = look(path)
  return some(
    (own) => own.paths.some((folder) => folder === whole || folder.startsWith(whole + sep)) || isSameFolder(own, found),
  )
}

/**
 * Returns whether a name in a folder is that of an own file, whatever path has led to the folder.
 *
 * @param folder the folder, as it was opened
 */
export function isOwnName(folder: FileIdentity, path: string): boolean {
  const name = nameOf(path)
  return some((own) => isSameFolder(own, folder) && (own.names === "all" || own.names.test(name)))
}

/**
 * Returns whether a file that is open is an own one.
 *
 * Its path was judged before: so only a file with several names, or with a name that a file system may take for another
 * one, is compared with all own files.
 */
export function isOwnFile(file: FileIdentity & Pick<BigIntStats, "nlink">, path: string): boolean {
  if (some(({ open }) => isSame(open?.() ?? null, file))) return true
  if (file.nlink === 1n && /^[\w .-]+$/.test(basename(path))) return false
  return some(({ folder, names }) => filesIn(folder, names).some((own) => isSame(look(own), file)))
}

function filesIn(folder: string, names: RegExp | "all"): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: names === "all" })
      .filter((entry) => !entry.isDirectory() && (names === "all" || names.test(nameOf(entry.name))))
      .map(({ parentPath, name }) => join(parentPath, name))
  } catch {
    // The folder does not exist: then none of its files does.
    return []
  }
}

function some(judge: (own: Kept) => boolean): boolean {
  for (const own of kept) if (judge(own)) return true
  return false
}

function isSameFolder({ folder, names, identity }: Kept, found: FileIdentity | null): boolean {
  // A folder that is gone leaves its inode to another one: then only the names count, not all that is in it.
  return isSame(look(folder), found) || (names !== "all" && isSame(identity, found))
}

function isSame(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino
}

function look(path: string): FileIdentity | null {
  try {
    return statSync(path, { bigint: true })
  } catch {
    return null
  }
}

function realOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}

/** As file systems compare names that tell no cases apart: `ſ` and `S`, the Kelvin sign and `k`. */
function folded(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase()
}

function nameOf(path: string): string {
  return basename(path).normalize("NFC")
}
