import type { BrowserName } from "../e2e/drivers/driver.ts"
import type { Costs } from "./costs.ts"
import { effortInWords } from "./effort.ts"
import { FIGURE_NAMES, FIGURES } from "./figures.ts"
import { PEERS } from "./peers/index.ts"
import type { BrowserResult, PeerResult, Results } from "./results.ts"

/** A table's cells, the head first. Numbers are as people read them. */
export type Table = readonly (readonly string[])[]

const COSTS: Readonly<Record<keyof Costs, string>> = {
  core_cpu_us_per_call: "CPU time of the Core, µs a call",
  page_main_us_per_call: "main thread of the page, µs a call",
  long_tasks: "tasks of the page over 50 ms",
  longest_task_ms: "the longest of them, ms",
}

/** A browser's figures, a row each: isolated, brownfield, and isolated ÷ brownfield. */
export function patternTable({ isolated, brownfield, ratios }: BrowserResult): Table {
  return [
    ["", "isolated", "brownfield", "ratio"],
    ...FIGURE_NAMES.map((name) => [
      FIGURES[name].title,
      shown(isolated[name]),
      shown(brownfield[name]),
      ratio(ratios[name]),
    ]),
    ...Object.entries(COSTS).map(([name, title]) => [
      title,
      shown(isolated[name as keyof Costs]),
      shown(brownfield[name as keyof Costs]),
      "",
    ]),
    ["the hook itself, µs a call", shown(isolated.hook_us_per_call), "", ""],
  ]
}

/** A browser's peers, a row each, with isolated ÷ peer in brackets, and isolated above them; how many calls each made at once. */
export function peerTable(
  isolated: BrowserResult["isolated"],
  peers: Readonly<Record<string, PeerResult>>,
  { own }: Results["efforts"],
): Table {
  const names = FIGURE_NAMES.filter((name) => Object.values(peers).some((peer) => peer[name] !== null))
  return [
    ["", "calls at once", ...names.map((name) => FIGURES[name].short)],
    ["Sallyport, isolated", shown(own.burst_calls), ...names.map((name) => shown(isolated[name]))],
    ...Object.entries(peers).map(([key, figures]) => [
      PEERS.find(({ name }) => name === key)?.title ?? key,
      shown(figures.burst_calls),
      ...names.map((name) =>
        figures[name] === null ? "–" : `${shown(figures[name])} (${ratio(figures.ratios[name])})`,
      ),
    ]),
  ]
}

/** What the figures are of, in sentences. */
export function effortsInWords({ own, peers }: Results["efforts"]): string[] {
  return [`Isolated and brownfield: ${effortInWords(own)}.`, `Each peer: ${effortInWords(peers)}.`]
}

/** All results, as lines. */
export function textReport({ browsers, peers, core, command_line, efforts }: Results): string[] {
  return [
    ...Object.entries(browsers).flatMap(([name, result]) => {
      const rivals = peers[name as BrowserName] ?? {}
      const beside =
        Object.keys(rivals).length === 0 ? [] : ["", ...aligned(peerTable(result.isolated, rivals, efforts))]
      return ["", `${name} ${result.version}`, ...aligned(patternTable(result)), ...beside]
    }),
    "",
    ...effortsInWords(efforts),
    `heap of the Core for an idle session: ${shown(core.heap_per_session_bytes)} bytes`,
    `sallyport check, 20 files: ${shown(command_line.check_20_files_ms)} ms`,
    `sallyport test --node, 1,000 cases: ${shown(command_line.test_1000_cases_ms)} ms`,
  ]
}

/** Columns as wide as their widest cell, numbers to the right. */
export function aligned(table: Table): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 3)))
      .join("")
      .trimEnd(),
  )
}

/** A number as people read it; a dash for none. */
export function shown(value: number | null): string {
  return value === null ? "–" : value.toLocaleString("en-US")
}

/** As many digits as a ratio is good for. */
function ratio(value: number | null): string {
  if (value === null) return "–"
  return value >= 10 ? value.toFixed(0) : value.toFixed(2)
}
