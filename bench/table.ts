import { FIGURE_NAMES, FIGURES } from "./figures.ts"
import type { BrowserResult } from "./results.ts"

/** A browser's figures, a line each. */
export function browserTable(name: string, { version, isolated, brownfield, ratios }: BrowserResult): string[] {
  const row = (title: string, ...cells: readonly string[]): string =>
    title.padEnd(40) + cells.map((cell) => cell.padStart(12)).join("")
  const costs: readonly (readonly [title: string, ...cells: readonly string[]])[] = [
    ["CPU time of the Core, µs a call", shown(isolated.core_cpu_us_per_call), shown(brownfield.core_cpu_us_per_call)],
    [
      "main thread of the page, µs a call",
      shown(isolated.page_main_us_per_call),
      shown(brownfield.page_main_us_per_call),
    ],
    ["tasks of the page over 50 ms", shown(isolated.long_tasks), shown(brownfield.long_tasks)],
    ["longest of them, ms", shown(isolated.longest_task_ms), shown(brownfield.longest_task_ms)],
    ["the hook itself, µs a call", shown(isolated.hook_us_per_call)],
  ]
  return [
    "",
    row(`${name} ${version}`, "isolated", "brownfield", "ratio"),
    ...FIGURE_NAMES.map((figure) =>
      row(FIGURES[figure].title, shown(isolated[figure]), shown(brownfield[figure]), shown(ratios[figure])),
    ),
    ...costs.map(([title, ...cells]) => row(title, ...cells)),
  ]
}

/** A number as people read it; a dash for none. */
export function shown(value: number | null): string {
  return value === null ? "–" : value.toLocaleString("en-US")
}
