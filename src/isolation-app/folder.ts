import { createHash } from "node:crypto"
import { readdir, realpath } from "node:fs/promises"
import { isAbsolute, join, relative, resolve, sep } from "node:path"
import { bare } from "../boundary/wire/own.ts"
import type { MemoryFiles } from "../files/memory-files.ts"
import { IsolationAppError, type IsolationAppErrorCode } from "./isolation-app-error.ts"
import { readWholeFile } from "./read-whole-file.ts"

/** One file of an isolation app. */
export interface IsolationAppFile {
  /** Relative to the folder, links followed, with `/`. */
  readonly path: string
  /** SHA-256 of the bytes on disk, in hex. */
  readonly sha256: string
}

/** The folder of an isolation app. Each file in it is read once: what was hashed is what is used. */
export class Folder {
  readonly dir: string
  readonly #root: string
  readonly #carried: MemoryFiles | null
  readonly #bytes = new Map<string, Uint8Array>()
  readonly #used = new Set<string>()

  private constructor(dir: string, root: string, carried: MemoryFiles | null) {
    this.dir = dir
    this.#root = root
    this.#carried = carried
  }

  /**
   * @param carried where the folder is, when not on the disk
   * @throws IsolationAppError DIR_MISSING, DIR_IS_FILE, DIR_EMPTY, INDEX_MISSING
   */
  static async open(path: string, carried: MemoryFiles | null = null): Promise<Folder> {
    const dir = resolve(path)
    if (carried !== null) return Folder.#openCarried(dir, carried)
    const names = await readdir(dir, bare({ encoding: "utf8" as const, withFileTypes: false as const })).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") throw new IsolationAppError("DIR_MISSING", dir, "this folder does not exist")
        if (error.code === "ENOTDIR") throw new IsolationAppError("DIR_IS_FILE", dir, "this is a file, not a folder")
        throw new IsolationAppError("UNREADABLE", dir, error.message)
      },
    )
    if (names.length === 0) throw new IsolationAppError("DIR_EMPTY", dir, "this folder is empty")
    if (!names.includes("index.html")) {
      const present = names.sort().slice(0, 5).join(", ")
      throw new IsolationAppError("INDEX_MISSING", dir, `this folder has no index.html (it has ${present})`)
    }
    return new Folder(dir, await realpath(dir), null)
  }

  static #openCarried(dir: string, carried: MemoryFiles): Folder {
    if (carried.kindOf(dir) !== "folder")
      throw new IsolationAppError("DIR_MISSING", dir, "this program does not carry this folder")
    if (carried.kindOf(join(dir, "index.html")) !== "file")
      throw new IsolationAppError("INDEX_MISSING", dir, "this folder has no index.html")
    return new Folder(dir, dir, carried)
  }

  /** Every file whose text was read, sorted by path. */
  get files(): readonly IsolationAppFile[] {
    return [...this.#used].sort().map((path) => ({ path, sha256: sha256(this.#bytes.get(path) ?? new Uint8Array()) }))
  }

  /** Absolute paths of these files, links followed. */
  get paths(): readonly string[] {
    return [...this.#used].sort().map((path) => join(this.#root, path))
  }

  /**
   * Reads a text file: decoded, without byte order mark, line ends as the HTML parser leaves them (`\n`).
   *
   * @param path relative to the folder
   * @param missing the error's code when there is no such file
   * @throws IsolationAppError SCRIPT_OUTSIDE, UNREADABLE, FILE_TOO_LARGE, FILE_CHANGING, NOT_UTF8, or `missing`
   */
  async read(path: string, missing: IsolationAppErrorCode): Promise<string> {
    const { name, bytes } = await this.#read(path, missing)
    this.#used.add(name)
    return decode(bytes, join(this.dir, path))
  }

  /**
   * The hash of a file, which `read` will read no second time: what was hashed is what it returns.
   *
   * @returns where links led, too, and the hash as it would be with `\n` for each `\r\n`
   * @throws IsolationAppError as `read`, but for NOT_UTF8
   */
  async hash(
    path: string,
    missing: IsolationAppErrorCode,
  ): Promise<IsolationAppFile & { readonly withLineFeeds: string }> {
    const { name, bytes } = await this.#read(path, missing)
    return { path: name, sha256: sha256(bytes), withLineFeeds: sha256(withLineFeeds(bytes)) }
  }

  async #read(path: string, missing: IsolationAppErrorCode): Promise<{ name: string; bytes: Uint8Array }> {
    const file = join(this.dir, path)
    const real = await this.#locate(path, file, missing)
    const name = relative(this.#root, real).split(sep).join("/")
    const bytes = this.#bytes.get(name) ?? this.#carried?.read(real) ?? (await readWholeFile(real, file))
    this.#bytes.set(name, bytes)
    return { name, bytes }
  }

  /** The real path of a file, which must be inside the folder, both as written and with links followed. */
  async #locate(path: string, file: string, missing: IsolationAppErrorCode): Promise<string> {
    if (path.includes("\0"))
      throw new IsolationAppError(missing, file.replaceAll("\0", "\\0"), "this file cannot exist")
    if (!isInside(this.dir, file))
      throw new IsolationAppError("SCRIPT_OUTSIDE", file, `this file is not in ${this.dir}`)
    if (this.#carried !== null) {
      if (this.#carried.kindOf(file) === "file") return file
      throw new IsolationAppError(missing, file, "this program does not carry this file")
    }
    const real = await realpath(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") {
        throw new IsolationAppError(missing, file, "this file does not exist")
      }
      throw new IsolationAppError("UNREADABLE", file, error.message)
    })
    if (isInside(this.#root, real)) return real
    throw new IsolationAppError("SCRIPT_OUTSIDE", file, `this link leads to ${real}, outside of ${this.dir}`)
  }
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file)
  // Between two drives of Windows there is no relative path: it is absolute then.
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

const withLineFeeds = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((byte, index) => byte !== 0x0d || bytes[index + 1] !== 0x0a)

/** UTF-8 without byte order mark, line ends as `\n`. @throws IsolationAppError NOT_UTF8 */
export function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, "\n")
  } catch {
    throw new IsolationAppError("NOT_UTF8", file, "this is no UTF-8 text")
  }
}
