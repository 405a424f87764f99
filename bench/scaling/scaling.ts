import { writeFile } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { launch } from "../../e2e/drivers/driver.ts"
import { markdownTable } from "../markdown.ts"
import { drawSweep } from "./chart.ts"
import { percent, type Sweep, whatSaturates } from "./sweep.ts"
import { SWEEPS } from "./sweeps.ts"

/** More than this of a processor by what does not take part, and the figures are not to be relied on. */
const DISTURBED = 0.2

export const SWEEP_IDS: readonly string[] = SWEEPS.map(({ id }) => id)

/** Measures calls in Chromium while one thing after the other grows. */
export async function scaling(ids: readonly string[], say: (line: string) => void): Promise<Sweep[]> {
  const driver = await launch("chromium")
  const sweeps: Sweep[] = []
  try {
    for (const { id, run } of SWEEPS) {
      if (!ids.includes(id)) continue
      say(`── ${id}`)
      const sweep = await run(driver)
      sweeps.push(sweep)
      const others = Math.max(...sweep.lines.flatMap(({ points }) => points.map((point) => point.others)))
      if (others > DISTURBED)
        say(`something else took up to ${percent(others)} of a processor meanwhile: measure again`)
    }
    return sweeps
  } finally {
    await driver.close()
  }
}

/** What kept the processors busy besides, in words; `null` where it was little. */
function disturbance(sweeps: readonly Sweep[]): string | null {
  const points = sweeps.flatMap(({ lines }) => lines.flatMap((line) => line.points))
  const others = Math.max(...points.map((point) => point.others))
  return others > DISTURBED ? `something else took up to ${percent(others)} of a processor meanwhile` : null
}

/** Leaves a chart of each in a folder. */
export async function drawAll(sweeps: readonly Sweep[], folder: string): Promise<void> {
  for (const sweep of sweeps) await writeFile(join(folder, fileOf(sweep)), drawSweep(sweep))
}

/** Every place of a sweep, as a table. */
export function sweepTable({ title, label, lines }: Sweep): string[] {
  const rows = lines.flatMap(({ name, points }) =>
    points.map(({ x, perSecond, p99Us, busiest, processors, others }) => [
      `${name}, ${label(x)}`,
      perSecond.toLocaleString("en-US", { maximumSignificantDigits: 3 }),
      (p99Us / 1000).toLocaleString("en-US", { maximumSignificantDigits: 3 }),
      busiest[0] === undefined ? "" : `${busiest[0].name} ${percent(busiest[0].share)}`,
      processors.toFixed(2),
      others.toFixed(2),
    ]),
  )
  return [
    title,
    ...markdownTable(["", "calls/s", "p99, ms", "busiest", "processors", "others"], rows),
    ...lines.map((line) => `saturates first, ${line.name}: ${saturation(line, label)}`),
  ]
}

/** The sweeps as a section of a document beside their charts. */
export function scalingSection(sweeps: readonly Sweep[]): string[] {
  const others = disturbance(sweeps)
  return [
    ...(others === null ? [] : [`Not to be relied on: ${others}.`, ""]),
    ...sweeps.flatMap((sweep, index) => [
      ...(index === 0 ? [] : [""]),
      `**${sweep.title}**: ${sweep.what}.`,
      "What saturates first:",
      ...sweep.lines.map((line) => `- ${line.name}: ${saturation(line, sweep.label)}`),
      "",
      `![${sweep.title}: calls per second, and p99](${fileOf(sweep)})`,
    ]),
  ]
}

function saturation(line: Sweep["lines"][number], label: Sweep["label"]): string {
  return whatSaturates(line, label, availableParallelism())
}

function fileOf({ id }: Sweep): string {
  return `scaling-${id}.svg`
}
