import type { Terminal } from "./terminal.ts"

/** A terminal that remembers what was written, without styles. */
export function rememberingTerminal(columns = 100): Terminal & { readonly printed: string[]; readonly said: string[] } {
  const printed: string[] = []
  const said: string[] = []
  return {
    printed,
    said,
    print: (line) => void printed.push(line),
    say: (line) => void said.push(line),
    style: (_style, text) => text,
    columns,
    isInteractive: false,
  }
}
