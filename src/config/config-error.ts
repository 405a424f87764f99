/** What can be wrong with one place in a configuration file. */
export type ConfigProblemCode =
  | "NOT_FOUND"
  | "UNREADABLE"
  | "SYNTAX"
  | "KEY_UNKNOWN"
  | "KEY_TWICE"
  | "VALUE_MISSING"
  | "VALUE_INVALID"
  | "LABEL_TWICE"
  | "IDENTIFIER_TWICE"
  | "LINK_OUTSIDE"
  | "FOLDER_MISSING"

export interface ConfigProblem {
  readonly code: ConfigProblemCode
  /** Absolute path of the file that holds the wrong value: the configuration file or its platform file. */
  readonly file: string
  /** The place in the file (`app.windows[1].label`), or `null` when the file itself is the problem. */
  readonly path: string | null
  /** What was found, what was expected, and what was probably meant. */
  readonly message: string
}

/** A configuration that cannot be used. Holds everything that is wrong with it, in the order it was read. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ file, path, message }) => `${file}: ${path === null ? "" : `${path}: `}${message}`)
    super(lines.length === 1 ? lines[0] : `The configuration has ${lines.length} problems:\n  ${lines.join("\n  ")}`)
    this.name = "ConfigError"
    this.problems = problems
  }
}
