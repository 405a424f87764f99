import type { Terminal } from "../terminal.ts"
import type { Finding, Section } from "./finding.ts"

const MARKS = { fine: ["green", "✔"], warning: ["yellow", "⚠"], error: ["red", "✘"] } as const

/** Prints what was found, and below each problem what mends it. */
export function printSections(sections: readonly Section[], terminal: Terminal): void {
  for (const { name, findings } of sections.filter(({ findings }) => findings.length > 0)) {
    terminal.print(terminal.style("bold", name))
    for (const finding of findings) terminal.print(shown(finding, terminal))
    terminal.print("")
  }
  const all = sections.flatMap(({ findings }) => findings)
  const count = (state: Finding["state"]): number => all.filter((finding) => finding.state === state).length
  const [errors, warnings] = [count("error"), count("warning")]
  terminal.print(errors + warnings === 0 ? "All good!" : `${errors} errors, ${warnings} warnings`)
}

function shown({ state, what, mend }: Finding, terminal: Terminal): string {
  const [color, mark] = MARKS[state]
  return `  ${terminal.style(color, mark)} ${what}${mend === null ? "" : `\n    → ${mend}`}`
}
