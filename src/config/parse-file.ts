import { readFile } from "node:fs/promises"
import JSON5 from "json5"
import type { ConfigProblem } from "./config-error.ts"

/** Reads a file as JSON5, of which JSON is a part. What goes wrong is added to `problems`; the value is `undefined` then. */
export async function parseFile(file: string, problems: ConfigProblem[]): Promise<unknown> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    problems.push({ code: "UNREADABLE", file, path: null, message: `cannot be read: ${messageOf(error)}` })
    return undefined
  }
  try {
    return JSON5.parse<unknown>(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch (error) {
    problems.push({ code: "SYNTAX", file, path: null, message: describe(error) })
    return undefined
  }
}

/** json5 says where it stopped in two properties, and again at the end of its message. */
function describe(error: unknown): string {
  const { lineNumber, columnNumber } = error as { lineNumber?: unknown; columnNumber?: unknown }
  if (typeof lineNumber !== "number" || typeof columnNumber !== "number") return `is no UTF-8 text: ${messageOf(error)}`
  const what = messageOf(error)
    .replace(/^JSON5: /, "")
    .replace(/ at \d+:\d+$/, "")
  return `line ${lineNumber}, column ${columnNumber}: ${what}: expected JSON or JSON5`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
