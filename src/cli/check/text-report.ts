import { wrap } from "../help.ts"
import { shownPath } from "../shown-path.ts"
import type { Style, Terminal } from "../terminal.ts"
import type { CheckResult } from "./check.ts"
import type { Finding, Severity } from "./rule.ts"

const STYLES: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", note: "cyan" }
/** Where texts stay readable. */
const WIDEST = 110

/** What was found, as compilers say it. Why, and how to mend it, is said once for each rule. */
export function textReport(result: CheckResult, terminal: Terminal): string {
  const explained = new Set<string>()
  const blocks = result.findings.map((finding) => {
    const { code } = finding.rule
    const isFirst = !explained.has(code)
    explained.add(code)
    return block(finding, result, terminal, isFirst)
  })
  return [...blocks, summary(result, terminal)].join("\n\n")
}

function block(finding: Finding, { texts }: CheckResult, terminal: Terminal, isFirst: boolean): string {
  const { rule, file, position, what } = finding
  const { style } = terminal
  const place = position === null ? shown(file) : `${shown(file)}:${position.line}:${position.column}`
  const head = `${style("bold", place)}  ${style(STYLES[rule.severity], rule.severity)} ${style("bold", rule.code)}`
  return [
    head,
    `  ${what}`,
    ...quote(finding, texts.get(file), terminal),
    ...(isFirst ? paragraph("why", rule.why, terminal) : []),
    ...(isFirst ? paragraph("mend", rule.mend, terminal) : []),
    ...(isFirst ? [`  ${style("dim", "more")}  docs/rules/${rule.code}.md`] : []),
  ].join("\n")
}

function paragraph(label: string, text: string, { style, columns }: Terminal): string[] {
  const lines = wrap(text, Math.max(40, Math.min(columns, WIDEST) - 8)).split("\n")
  return lines.map((line, index) => `  ${index === 0 ? style("dim", label.padEnd(4)) : "    "}  ${line}`)
}

/** The line, and carets under what is meant. Of a long line, the part around it. */
function quote({ position, length = 1, rule }: Finding, text: string | undefined, terminal: Terminal): string[] {
  const line = position === null ? undefined : text?.split("\n")[position.line - 1]
  if (position === null || line === undefined) return []
  const width = Math.max(40, Math.min(terminal.columns, WIDEST) - 12)
  const start = position.column - 1
  const end = Math.min(start + Math.max(1, length), Math.max(line.length, start + 1))
  const from = line.length <= width || end <= width ? 0 : Math.max(0, start - Math.floor(width / 3))
  const visible = printable(line.slice(from, from + width))
  const carets = "^".repeat(Math.max(1, Math.min(end, from + width) - start))
  const number = String(position.line).padStart(4)
  const gutter = terminal.style("dim", "│")
  // A tab in front keeps its width.
  const indent = printable(line.slice(from, start)).replaceAll(/[^\t]/g, " ")
  return [
    `  ${terminal.style("dim", number)} ${gutter} ${visible}`,
    `  ${" ".repeat(number.length)} ${gutter} ${indent}${terminal.style(STYLES[rule.severity], carets)}`,
  ]
}

/** What a file holds must not move the cursor, ring a bell, or turn the line around. */
const printable = (text: string): string => text.replaceAll(/(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "·")

function summary({ findings, dir, files, bytes, target, stage }: CheckResult, { style }: Terminal): string {
  const count = (severity: Severity): number => findings.filter(({ rule }) => rule.severity === severity).length
  const said = (["error", "warning", "note"] as const).flatMap((severity) => {
    const number = count(severity)
    return number === 0 ? [] : [style(STYLES[severity], `${number} ${severity}${number === 1 ? "" : "s"}`)]
  })
  const what = `${shown(dir)}, ${files} file${files === 1 ? "" : "s"}, ${(bytes / 1024).toFixed(1)} KiB, ${stage === "source" ? "to be built " : ""}for ${target === "tauri" ? "Tauri" : "Sallyport"}`
  if (count("error") + count("warning") > 0) return `${said.join(", ")} in ${what}`
  return [style("green", "All good"), ...said].join(", ").concat(`: ${what}`)
}

const shown = (file: string): string => printable(shownPath(file))
