import { createHash } from "node:crypto"
import { join, sep } from "node:path"

/**
 * Files that a program carries in itself, as if they stood in a folder. Nothing is ever written to a disk, where somebody could change
 * a file between its check and its use, and where what a killed program leaves would stay.
 */
export class MemoryFiles {
  readonly #read: (name: string) => Uint8Array
  /** By absolute path: the name that it is carried under. */
  readonly #names: ReadonlyMap<string, string>
  readonly #hashes = new Map<string, string>()

  /**
   * @param root the folder, absolute; best one that cannot exist
   * @param names of the files: relative to it, with `/`
   * @param read gives what a file holds. It may be memory that must not be written.
   */
  constructor(root: string, names: readonly string[], read: (name: string) => Uint8Array) {
    this.#read = read
    this.#names = new Map(names.map((name) => [join(root, name), name]))
  }

  /** What stands at an absolute path. */
  kindOf(path: string): "file" | "folder" | "nothing" {
    if (this.#names.has(path)) return "file"
    return this.list(path).length > 0 ? "folder" : "nothing"
  }

  /** What a file holds; `null` where there is none. It must not be written. */
  read(path: string): Uint8Array | null {
    const name = this.#names.get(path)
    return name === undefined ? null : this.#read(name)
  }

  /** SHA-256 of what a file holds, in hex; `null` where there is none. */
  sha256(path: string): string | null {
    const known = this.#hashes.get(path)
    if (known !== undefined) return known
    const bytes = this.read(path)
    if (bytes === null) return null
    const hash = createHash("sha256").update(bytes).digest("hex")
    this.#hashes.set(path, hash)
    return hash
  }

  /** Absolute paths of the files in a folder, at any depth, sorted. None where there is no such folder. */
  list(folder: string): readonly string[] {
    const start = folder.endsWith(sep) ? folder : folder + sep
    return [...this.#names.keys()].filter((path) => path.startsWith(start)).sort()
  }
}
