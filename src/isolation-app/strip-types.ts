import { stripTypeScriptTypes } from "node:module"
import type { Position } from "./isolation-app-error.ts"

/** TypeScript that cannot become JavaScript by leaving out its types, or that is none. */
export class TypeScriptError extends Error {
  override readonly name = "TypeScriptError"
  /** `enum`, `namespace` and parameter properties are code: only a compiler could turn them into JavaScript. */
  readonly isUnsupported: boolean
  readonly position: Position | null

  constructor(message: string, isUnsupported: boolean, position: Position | null) {
    super(message)
    this.isUnsupported = isUnsupported
    this.position = position
  }
}

/**
 * JavaScript of TypeScript: its types become spaces, so that every position stays.
 *
 * @throws TypeScriptError
 */
export function stripTypes(text: string): string {
  const before = process.emitWarning
  // Node says with each process that this is experimental, in the middle of whatever is being reported.
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(text)
  } catch (error) {
    const { code, message, stack = "" } = error as NodeJS.ErrnoException
    if (!code?.endsWith("_TYPESCRIPT_SYNTAX")) throw error
    throw new TypeScriptError(message, code.startsWith("ERR_UNSUPPORTED"), positionIn(stack, text))
  } finally {
    process.emitWarning = before
  }
}

/** Node tells the place only in the stack: a line number, the line, and carets below it; of several lines only the first's number. */
function positionIn(stack: string, text: string): Position | null {
  const lines = stack.split("\n")
  const carets = lines.findIndex((line) => /^\s*\^+\s*$/.test(line))
  const line = Number(/:(\d+)$/.exec(lines[0] ?? "")?.[1])
  if (!Number.isInteger(line)) return null
  const column = carets < 0 ? text.split("\n")[line - 1]?.search(/\S/) : lines[carets]?.indexOf("^")
  return { line, column: Math.max(0, column ?? 0) + 1 }
}
