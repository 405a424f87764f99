import { getSystemErrorMessage } from "node:util"

/** Where Rust, that is the C library, has other words than Node. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EBADF: "Bad file descriptor",
  EEXIST: "File exists",
  EFBIG: "File too large",
  EINVAL: "Invalid argument",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  EMFILE: "Too many open files",
  ENAMETOOLONG: "File name too long",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  EPERM: "Operation not permitted",
  EROFS: "Read-only file system",
  EXDEV: "Invalid cross-device link",
}

/**
 * What went wrong with a file, as Rust says it: `No such file or directory (os error 2)`. Frontends look for that; and
 * Node's own message names the path that was really opened, which is not for the page.
 */
export function inSystemWords(error: unknown): string {
  const { code, errno, message } = error as NodeJS.ErrnoException
  if (code === undefined || errno === undefined) return message
  const words = (Object.hasOwn(WORDS, code) ? WORDS[code] : undefined) ?? getSystemErrorMessage(errno) ?? code
  // On Windows, libuv's numbers are its own.
  return process.platform === "win32" ? words : `${words} (os error ${Math.abs(errno)})`
}

/** Whether the system said so, and not this program. */
export function isOfSystem(error: unknown): boolean {
  return (
    error instanceof Error && Object.hasOwn(error, "code") && typeof (error as NodeJS.ErrnoException).code === "string"
  )
}

/** An error of the system's own making, for what is refused before it is asked. */
export function invalidArgument(): Error {
  return Object.assign(new Error("Invalid argument"), { code: "EINVAL", errno: -22 })
}
