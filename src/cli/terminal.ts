import { styleText } from "node:util"

export type Style = Parameters<typeof styleText>[0]

/** Where a command writes: data to standard output, words to standard error. */
export interface Terminal {
  /** A line of what was asked for. */
  print(line: string): void
  /** A line about the work: progress, advice, what went wrong. */
  say(line: string): void
  /** Text in a style where standard output shows it: a terminal, unless `NO_COLOR` is set. */
  style(style: Style, text: string): string
  /** Columns that a line may have. */
  readonly columns: number
  /** Whether a person watches what is printed: progress may move. */
  readonly isInteractive: boolean
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  say: (line) => void process.stderr.write(`${line}\n`),
  style: (style, text) => styleText(style, text, { stream: process.stdout }),
  get columns() {
    return process.stdout.columns ?? 100
  },
  get isInteractive() {
    return process.stdout.isTTY === true
  },
}

/** A command that reports to `head` ends when nobody reads on, and quietly. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit()
    throw error
  })
}
