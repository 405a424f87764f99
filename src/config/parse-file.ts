import { readFile } from "node:fs/promises"
import JSON5 from "json5"
import { parse as parseToml, TomlError } from "smol-toml"
import type { MemoryFiles } from "../files/memory-files.ts"
import type { ConfigProblem } from "./config-error.ts"

/**
 * Reads a file: TOML when it is named so, else JSON5, of which JSON is a part. What goes wrong is added to `problems`; the
 * value is `undefined` then.
 *
 * @param carried where the file is, when not on the disk
 */
export async function parseFile(
  file: string,
  problems: ConfigProblem[],
  carried: MemoryFiles | null = null,
): Promise<unknown> {
  let bytes: Uint8Array
  try {
    bytes = carried === null ? await readFile(file) : carriedBytes(carried, file)
  } catch (error) {
    problems.push({ code: "UNREADABLE", file, path: null, message: `cannot be read: ${messageOf(error)}` })
    return undefined
  }
  try {
    return parseText(new TextDecoder("utf-8", { fatal: true }).decode(bytes), file, problems)
  } catch (error) {
    problems.push({ code: "SYNTAX", file, path: null, message: `is no UTF-8 text: ${messageOf(error)}` })
    return undefined
  }
}

function carriedBytes(carried: MemoryFiles, file: string): Uint8Array {
  const bytes = carried.read(file)
  if (bytes === null) throw new Error("this program does not carry it")
  return bytes
}

/** Reads a file's text, as `parseFile` does. */
export function parseText(text: string, file: string, problems: ConfigProblem[]): unknown {
  try {
    const value = file.endsWith(".toml") ? parseToml(text) : JSON5.parse<unknown>(text)
    if (!isDeeper(value, NESTING)) return value
    const message = `is nested more than ${NESTING} levels deep: expected a configuration`
    problems.push({ code: "SYNTAX", file, path: null, message })
    return undefined
  } catch (error) {
    problems.push({ code: "SYNTAX", file, path: null, message: describe(error) })
    return undefined
  }
}

/** More than anybody writes, and few enough for whatever walks through it. */
const NESTING = 200

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}

/** json5 says where it stopped in two properties, and again at the end of its message; smol-toml draws the place below it. */
function describe(error: unknown): string {
  if (error instanceof TomlError) {
    const what = messageOf(error)
      .split("\n")[0]
      ?.replace(/^Invalid TOML document: /, "")
    return `line ${error.line}, column ${error.column}: ${what}: expected TOML`
  }
  const { lineNumber, columnNumber } = error as { lineNumber?: unknown; columnNumber?: unknown }
  if (typeof lineNumber !== "number" || typeof columnNumber !== "number") return messageOf(error)
  const what = messageOf(error)
    .replace(/^JSON5: /, "")
    .replace(/ at \d+:\d+$/, "")
  return `line ${lineNumber}, column ${columnNumber}: ${what}: expected JSON or JSON5`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
