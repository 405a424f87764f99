import { isAbsolute, relative, sep } from "node:path"

/** The folder in a build for what lies outside of the project, as Tauri's bundler names it. */
const UP = "_up_"

/**
 * Where a file of the sources would be in the build, relative to the program, with `/`: nothing is above it.
 *
 * @param root the folder that is the program's
 */
export function placeInBuild(root: string, file: string): string {
  const path = relative(root, file)
  // On another drive of Windows.
  if (isAbsolute(path)) return [UP, ...path.split(/[\\/:]+/)].join("/")
  const names = path.split(sep).map((name) => (name === ".." ? UP : name))
  const installed = names.lastIndexOf("node_modules")
  return (names[0] === UP && installed > 0 ? names.slice(installed) : names).join("/")
}

/** The folder that holds both a folder and a file. */
export function commonFolder(folder: string, file: string): string {
  const [a, b] = [folder.split(sep), file.split(sep)]
  const length = a.findIndex((name, index) => name !== b[index])
  return length === -1 ? folder : a.slice(0, length).join(sep) || sep
}
