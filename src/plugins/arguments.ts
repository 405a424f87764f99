/** Named arguments of a command, none of them looked at. */
export type Arguments = Readonly<Record<string, unknown>>

/** The arguments of a command that takes them by name: none for what has no names (raw bytes, a list). */
export function record(args: unknown): Arguments {
  return typeof args === "object" && args !== null && !Array.isArray(args) && !ArrayBuffer.isView(args)
    ? (args as Arguments)
    : {}
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
