import { styleText } from "node:util"
import type { TourResult } from "./tour.ts"

/** The tour as a table for a person. */
export function printTour({ ok, calls, attacks, problems = [] }: TourResult): void {
  console.log(`Created, read, searched and attached: ${calls} calls passed the hook.\n`)
  console.log(row("attack", "isolated", "brownfield"))
  for (const { id, isolation, by, brownfield } of attacks)
    console.log(row(id, `${isolation}${by === null ? "" : ` by the ${by}`}`, brownfield))
  for (const problem of problems) console.log(styleText("red", `\n✗ ${problem}`))
  console.log(
    ok
      ? styleText("green", "\nEverything is as it should be.")
      : styleText("red", "\nSomething is not as it should be."),
  )
}

function row(attack: string, isolated: string, brownfield: string): string {
  return `${attack.padEnd(24)}${isolated.padEnd(24)}${brownfield}`
}
