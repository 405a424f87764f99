import { IsolationAppError, type Position } from "./isolation-app-error.ts"

/**
 * The path in the folder that the `src` of a script names, a leading `/` meaning the folder. It may still lead out of the
 * folder: who reads it asks the file system.
 *
 * @throws IsolationAppError SCRIPT_MISSING, SCRIPT_REMOTE, SCRIPT_QUERY
 */
export function scriptPath(src: string, page: string, position: Position | null): string {
  // As the URL parser does (WHATWG URL, "basic URL parser"): outer spaces, tabs and line ends go, `\` is `/`.
  const written = src
    .trim()
    .replaceAll(/[\t\n\r]/g, "")
    .replaceAll("\\", "/")
  const quoted = `src=${JSON.stringify(src)}`
  if (/^\/?$/.test(written)) throw new IsolationAppError("SCRIPT_MISSING", page, `${quoted} names no file`, position)
  if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(written)) {
    throw new IsolationAppError("SCRIPT_REMOTE", page, `${quoted} names no file of the folder`, position)
  }
  if (/[?#]/.test(written)) {
    throw new IsolationAppError("SCRIPT_QUERY", page, `${quoted} has a query or a fragment`, position)
  }
  try {
    return decodeURIComponent(written).replace(/^\/+/, "")
  } catch {
    throw new IsolationAppError("SCRIPT_MISSING", page, `${quoted} is no well-formed path`, position)
  }
}
