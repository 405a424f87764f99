import { type BaseDirectory, readBaseDirectory } from "../../directories/base-directory.ts"
import { type Arguments, describe, inTauriWords, record } from "../arguments.ts"

/** The options of a command: a record, or none. Throws an `Error` for anything else. */
export function readOptions(args: Arguments, command: string): Arguments {
  const options = ofOptions(args, "options")
  if (options === undefined) return record({})
  return inTauriWords("options", command, () => {
    if (typeof options === "object" && !Array.isArray(options)) return record(options)
    throw new Error(`invalid type: ${describe(options)}, expected a map`)
  })
}

export function readFlag(options: Arguments, name: string, command: string, byDefault = false): boolean {
  const value = ofOptions(options, name)
  if (value === undefined) return byDefault
  return inTauriWords("options", command, () => {
    if (typeof value === "boolean") return value
    throw new Error(`${name}: invalid type: ${describe(value)}, expected a boolean`)
  })
}

/** A whole number of at least 0 that may be left out. */
export function readCount(args: Arguments, name: string, command: string): number | undefined {
  const value = ofOptions(args, name)
  if (value === undefined) return undefined
  return inTauriWords(name, command, () => {
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
    throw new Error(`invalid value: ${describe(value)}, expected a whole number of at least 0`)
  })
}

export function readBase(options: Arguments, command: string, name = "baseDir"): BaseDirectory | undefined {
  const value = ofOptions(options, name)
  return value === undefined ? undefined : inTauriWords("options", command, () => readBaseDirectory(value))
}

/** The permissions of what is made: only those, no set-user-id and the like. */
export function readMode(options: Arguments, command: string): number | undefined {
  const mode = readCount(options, "mode", command)
  return mode === undefined ? undefined : mode & 0o777
}

function ofOptions(options: Arguments, name: string): unknown {
  return Object.hasOwn(options, name) ? (options[name] ?? undefined) : undefined
}
