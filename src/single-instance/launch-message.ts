/**
 * The messages of a second launch and the first instance. The second sends one line of JSON, the first answers with one
 * word and a line feed. Any program of the same user can send such a line, so it is read as untrusted input.
 */
import { isAbsolute } from "node:path"

/** A second launch of an app, as the first instance hears of it. Untrusted: any program of the same user can send one. */
export interface SecondLaunch {
  /** Its arguments, without the names of Node and of the program. */
  readonly args: readonly string[]
  /** Its working directory, an absolute path. */
  readonly cwd: string
}

/** Maximum size in bytes of the line with a launch, without its line feed. The first instance ends a connection that sends more. */
export const LAUNCH_BYTES: number = 64 * 1024
/** Maximum number of arguments of a launch. */
export const LAUNCH_ARGUMENTS = 1024

/** `opened`: the first instance opens or focuses its window. `closing`: it ends, and the connection ends with it. */
export type Answer = "opened" | "closing"

const ANSWERS: readonly Answer[] = ["opened", "closing"]

/** @throws RangeError for a launch that no first instance would take */
export function writeLaunch({ args, cwd }: SecondLaunch): string {
  const line = JSON.stringify({ args, cwd })
  if (Buffer.byteLength(line) > LAUNCH_BYTES || args.length > LAUNCH_ARGUMENTS)
    throw new RangeError(
      `its arguments are too long for the instance that runs: at most ${LAUNCH_ARGUMENTS}, ${LAUNCH_BYTES} bytes of JSON in all`,
    )
  return `${line}\n`
}

/** Reads the line with a launch, without its line feed; `null`: it is invalid. */
export function readLaunch(line: Buffer): SecondLaunch | null {
  if (line.length > LAUNCH_BYTES) return null
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line))
  } catch {
    return null
  }
  if (typeof value !== "object" || value === null) return null
  if (!Object.hasOwn(value, "args") || !Object.hasOwn(value, "cwd")) return null
  const { args, cwd } = value as { readonly args: unknown; readonly cwd: unknown }
  if (!Array.isArray(args) || args.length > LAUNCH_ARGUMENTS || !args.every(isText)) return null
  return isText(cwd) && isAbsolute(cwd) ? { args: [...args], cwd } : null
}

export function readAnswer(text: string): Answer | null {
  return ANSWERS.find((answer) => answer === text) ?? null
}

/** No argument and no path of a process can hold a NUL. */
function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0")
}
