import type { PathStyle } from "./system.ts"

/** What no system that Node runs on goes beyond in a path it is given, in UTF-16 units. */
const MAX_LENGTH = 32_767

/** Names that Windows takes for devices, with any ending. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?:[ .].*)?$/i

/**
 * Looks at a path before anything is asked of the file system.
 *
 * @returns the same path, without empty components and `.`
 * @throws Error, for `..` in Tauri's words, for what could mean another file than it says
 */
export function checkPath(path: string, paths: PathStyle): string {
  if (path.includes("\0")) throw new Error("a path cannot hold a NUL character")
  if (path.length > MAX_LENGTH) throw new Error("File name too long (os error 36)")
  if (!path.isWellFormed()) throw new Error("a path cannot hold half a character (a lone surrogate)")
  // On other platforms than Windows, `\\` is a character like any other.
  if (path.split(paths.sep === "\\" ? /[\\/]/ : "/").includes(".."))
    throw new Error("cannot traverse directory, rewrite the path without the use of `../`")
  if (!paths.isAbsolute(path)) throw new Error(`${JSON.stringify(path)} is not an absolute path`)
  if (paths.sep === "\\") checkWindowsPath(path, paths)
  const normalized = paths.normalize(path)
  const { root } = paths.parse(normalized)
  return normalized.length > root.length && normalized.endsWith(paths.sep) ? normalized.slice(0, -1) : normalized
}

function checkWindowsPath(path: string, paths: PathStyle): void {
  if (/^[\\/]{2}[?.][\\/]/.test(path)) throw new Error(`${path}: paths of devices (\\\\.\\, \\\\?\\) are not taken`)
  const { root } = paths.parse(path)
  if (!/^(?:[a-z]:[\\/]|[\\/]{2}[^\\/]+[\\/][^\\/]+[\\/]?$)/i.test(root))
    throw new Error(`${path} has no drive: whether it is allowed would depend on the current one`)
  for (const name of path.slice(root.length).split(/[\\/]/)) {
    // Windows drops dots and spaces at the end of a name, and takes what follows a colon for a stream of the file.
    if (/[. ]$/.test(name) && name !== ".") throw new Error(`${path}: a name cannot end with a dot or a space`)
    if (name.includes(":")) throw new Error(`${path}: a name cannot hold a colon`)
    if (WINDOWS_DEVICE.test(name)) throw new Error(`${path}: ${name} is the name of a device`)
  }
}
