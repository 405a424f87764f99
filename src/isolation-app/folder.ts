import { createHash } from "node:crypto"
import { lstat, readdir, readFile, realpath } from "node:fs/promises"
import { isAbsolute, join, relative, resolve, sep } from "node:path"
import { IsolationAppError, type IsolationAppErrorCode } from "./isolation-app-error.ts"

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
  readonly #texts = new Map<string, string>()
  readonly #hashes = new Map<string, string>()

  private constructor(dir: string, root: string) {
    this.dir = dir
    this.#root = root
  }

  /** @throws IsolationAppError DIR_MISSING, DIR_IS_FILE, DIR_EMPTY, INDEX_MISSING */
  static async open(path: string): Promise<Folder> {
    const dir = resolve(path)
    const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") throw new IsolationAppError("DIR_MISSING", dir, "this folder does not exist")
      if (error.code === "ENOTDIR") throw new IsolationAppError("DIR_IS_FILE", dir, "this is a file, not a folder")
      throw new IsolationAppError("UNREADABLE", dir, error.message)
    })
    if (names.length === 0) throw new IsolationAppError("DIR_EMPTY", dir, "this folder is empty")
    if (!names.includes("index.html")) {
      const present = names.sort().slice(0, 5).join(", ")
      throw new IsolationAppError("INDEX_MISSING", dir, `this folder has no index.html (it has ${present})`)
    }
    return new Folder(dir, await realpath(dir))
  }

  /** Every file that was read, sorted by path. */
  get files(): readonly IsolationAppFile[] {
    const paths = [...this.#hashes.keys()].sort()
    return paths.map((path) => ({ path, sha256: this.#hashes.get(path) ?? "" }))
  }

  /**
   * Reads a text file: decoded, without byte order mark, line ends as the HTML parser leaves them (`\n`).
   *
   * @param path relative to the folder
   * @param missing the error's code when there is no such file
   * @throws IsolationAppError SCRIPT_OUTSIDE, UNREADABLE, NOT_UTF8, or `missing`
   */
  async read(path: string, missing: IsolationAppErrorCode): Promise<string> {
    const file = join(this.dir, path)
    const real = await this.#locate(path, file, missing)
    const name = relative(this.#root, real).split(sep).join("/")
    const known = this.#texts.get(name)
    if (known !== undefined) return known

    // Not everything with a name is a file: reading a pipe would wait for ever.
    if (!(await lstat(real)).isFile()) throw new IsolationAppError("UNREADABLE", file, "this is no file")
    const bytes = await readFile(real).catch((error: Error) => {
      throw new IsolationAppError("UNREADABLE", file, error.message)
    })
    const text = decode(bytes, file)
    this.#hashes.set(name, createHash("sha256").update(bytes).digest("hex"))
    this.#texts.set(name, text)
    return text
  }

  /** The real path of a file, which must be inside the folder, both as written and with links followed. */
  async #locate(path: string, file: string, missing: IsolationAppErrorCode): Promise<string> {
    if (path.includes("\0"))
      throw new IsolationAppError(missing, file.replaceAll("\0", "\\0"), "this file cannot exist")
    if (!isInside(this.dir, file))
      throw new IsolationAppError("SCRIPT_OUTSIDE", file, `this file is not in ${this.dir}`)
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

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, "\n")
  } catch {
    throw new IsolationAppError("NOT_UTF8", file, "this is no UTF-8 text")
  }
}
