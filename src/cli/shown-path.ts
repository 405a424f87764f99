import { isAbsolute, relative } from "node:path"

/** A path as people would type it where they are: relative to the working directory, but for what lies outside of it. */
export function shownPath(path: string, cwd: string = process.cwd()): string {
  const short = relative(cwd, path)
  if (short === "") return "."
  return short.startsWith("..") || isAbsolute(short) ? path : short
}
