import { IsolationAppError } from "./isolation-app-error.ts"
import { stripTypes, TypeScriptError } from "./strip-types.ts"

/** How the names of TypeScript files end. */
export const TYPESCRIPT: RegExp = /\.[cm]?ts$/i

/**
 * Makes a script of a source file: TypeScript without its types, every position kept; anything else as it is.
 *
 * @param file its absolute path
 * @throws IsolationAppError SCRIPT_SYNTAX, TYPESCRIPT_IS_CODE
 */
export function toScript(text: string, file: string): string {
  if (!TYPESCRIPT.test(file)) return text
  try {
    return stripTypes(text)
  } catch (error) {
    if (!(error instanceof TypeScriptError)) throw error
    throw new IsolationAppError(
      error.isUnsupported ? "TYPESCRIPT_IS_CODE" : "SCRIPT_SYNTAX",
      file,
      error.message,
      error.position,
    )
  }
}
