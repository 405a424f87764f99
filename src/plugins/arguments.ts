import { bare } from "../boundary/wire/own.ts"
/** Named arguments of a command, none of them looked at. */
export type Arguments = Readonly<Record<string, unknown>>

/** The arguments of a command that takes them by name: none for what has no names (raw bytes, a list). */
export function record(args: unknown): Arguments {
  const isNamed = typeof args === "object" && args !== null && !Array.isArray(args) && !ArrayBuffer.isView(args)
  // Without a prototype, so that an argument which the page left out is not found on one.
  return bare(isNamed ? (args as Arguments) : {})
}

/** Runs a reader; what it throws is put into the words that Tauri has for a wrong argument. */
export function inTauriWords<Value>(argument: string, command: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw new Error(
      `invalid args \`${argument}\` for command \`${command}\`: ${error instanceof Error ? error.message : error}`,
    )
  }
}

/** A text among named arguments. Throws an `Error`, in Tauri's words, for anything else. */
export function readText(args: Arguments, name: string, command: string): string {
  const value = required(args, name, command)
  return inTauriWords(name, command, () => {
    if (typeof value === "string") return value
    throw new Error(`invalid type: ${describe(value)}, expected a string`)
  })
}

/** A text that may be left out, or null. */
export function readOptionalText(args: Arguments, name: string, command: string): string | undefined {
  return args[name] === undefined || args[name] === null ? undefined : readText(args, name, command)
}

export function readTexts(args: Arguments, name: string, command: string): readonly string[] {
  const value = required(args, name, command)
  return inTauriWords(name, command, () => {
    if (!Array.isArray(value)) throw new Error(`invalid type: ${describe(value)}, expected a sequence`)
    for (const item of value)
      if (typeof item !== "string") throw new Error(`invalid type: ${describe(item)}, expected a string`)
    return value as string[]
  })
}

/** An argument that must be there, whatever it is. */
export function required(args: Arguments, name: string, command: string): unknown {
  return inTauriWords(name, command, () => {
    if (Object.hasOwn(args, name) && args[name] !== undefined) return args[name]
    throw new Error(`command ${command} missing required key ${name}`)
  })
}

/** A value of the wrong type, as Rust's serde names it. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return "null"
  if (typeof value === "boolean") return `boolean \`${value}\``
  if (typeof value === "number") return Number.isInteger(value) ? `integer \`${value}\`` : `floating point \`${value}\``
  if (typeof value === "string") return `string ${JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value)}`
  return Array.isArray(value) ? "sequence" : "map"
}
