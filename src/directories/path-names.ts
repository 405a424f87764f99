import type { PathStyle } from "./system.ts"

/**
 * What Tauri's path commands make of a path: Rust's `std::path`, not Node's `path`. None of them asks the file system.
 */
export class PathNames {
  readonly #sep: string
  readonly #isWindows: boolean

  constructor(style: PathStyle) {
    this.#sep = style.sep
    this.#isWindows = style.sep === "\\"
  }

  /** Without `.` and `..`; what goes up from the beginning is dropped. A separator at the end stays. */
  normalize(path: string): string {
    if (path === "." || path === "..") return path
    const normalized = this.#normalized(path)
    if (path === "" || !this.#isSeparator(path.at(-1)) || this.#isSeparator(normalized.at(-1))) return normalized
    if (normalized === "") return (this.#components(path).join() === ".." ? ".." : ".") + this.#sep
    return normalized + this.#sep
  }

  /** Absolute parts become relative to those before them. */
  join(parts: readonly string[]): string {
    return this.#normalized(parts.filter((part) => part !== "").join(this.#sep)) || "."
  }

  /** Starts at the working directory, and anew at each absolute part. */
  resolve(parts: readonly string[], workingDirectory: string): string {
    const path = parts.reduce((before, part) => {
      if (this.isAbsolute(part)) return part
      // A root without a drive is that of the drive so far.
      return this.#root(part) === "" ? before + this.#sep + part : this.#prefix(before) + part
    }, workingDirectory)
    return this.#normalized(path)
  }

  /** Throws an `Error` for a path that has none: a root, the empty path. */
  dirname(path: string): string {
    const root = this.#root(path)
    const trimmed = this.#trimmed(path, root)
    if (trimmed.length <= root.length) throw new Error("path does not have a parent")
    return this.#simplified(this.#trimmed(trimmed.slice(0, this.#lastStart(trimmed, root)), root))
  }

  /** Throws an `Error` for a path that ends with none. `ext` is taken off as it is: `.txt`, but `xt`, too. */
  basename(path: string, ext?: string): string {
    const name = this.#fileName(path)
    if (name === null) throw new Error("path does not have a basename")
    return ext !== undefined && name.endsWith(ext) ? name.slice(0, name.length - ext.length) : name
  }

  /** Without its dot. Throws an `Error` for a name without one, or with one at its beginning only. */
  extname(path: string): string {
    const name = this.#fileName(path) ?? ""
    const dot = name.lastIndexOf(".")
    if (dot <= 0) throw new Error("path does not have an extension")
    return name.slice(dot + 1)
  }

  isAbsolute(path: string): boolean {
    return this.#isWindows ? /^(?:[a-z]:[\\/]|[\\/]{2}[^\\/]+[\\/]+[^\\/]+)/i.test(path) : path.startsWith("/")
  }

  #fileName(path: string): string | null {
    const root = this.#root(path)
    const trimmed = this.#trimmed(path, root)
    const name = trimmed.slice(this.#lastStart(trimmed, root))
    return name === "" || name === "." || name === ".." ? null : name
  }

  #normalized(path: string): string {
    const root = this.#root(path)
    const names: string[] = []
    for (const name of this.#components(path.slice(root.length))) {
      if (name === "..") names.pop()
      else names.push(name)
    }
    return this.#simplified((this.#isWindows ? root.replaceAll("/", "\\") : root) + names.join(this.#sep))
  }

  #components(path: string): string[] {
    return path.split(this.#isWindows ? /[\\/]/ : "/").filter((name) => name !== "" && name !== ".")
  }

  /** A drive or share, and the separator after it. */
  #root(path: string): string {
    const pattern = this.#isWindows
      ? /^(?:[\\/]{2}[?.][\\/][^\\/]+|[\\/]{2}[^\\/]+[\\/]+[^\\/]+|[a-z]:)?[\\/]?/i
      : /^\/?/
    return (pattern.exec(path) as RegExpExecArray)[0]
  }

  #prefix(path: string): string {
    return this.#root(path).replace(/[\\/]$/, "")
  }

  /** Without separators and `.` at the end: a `.` at the beginning is a component of its own. */
  #trimmed(path: string, root: string): string {
    let end = path.length
    while (end > root.length) {
      const isDot = end - 1 > root.length && path[end - 1] === "." && this.#isSeparator(path[end - 2])
      if (!isDot && !this.#isSeparator(path[end - 1]) && !(path.slice(root.length, end) === "." && root !== "")) break
      end--
    }
    return path.slice(0, end)
  }

  #lastStart(trimmed: string, root: string): number {
    let start = trimmed.length
    while (start > root.length && !this.#isSeparator(trimmed[start - 1])) start--
    return start
  }

  #isSeparator(character: string | undefined): boolean {
    return character === "/" || (this.#isWindows && character === "\\")
  }

  /** `\\?\C:\notes` says no more than `C:\notes`. */
  #simplified(path: string): string {
    return this.#isWindows ? path.replace(/^\\\\\?\\(?=[a-z]:\\)/i, "") : path
  }
}
