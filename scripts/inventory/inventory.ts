import { globSync } from "node:fs"
import { basename } from "node:path"
import { fileURLToPath } from "node:url"
import { ATTACKS } from "../../attacks/catalogue/index.ts"
import { FAULTS } from "../../faults/catalogue/index.ts"
import { listTests } from "./list-tests.ts"

/** What the suites hold, apart from unit tests. */
export interface Inventory {
  /** By suite, then by the files that hold them (the beginnings of their names): the titles of tests. */
  readonly tests: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  /** By suite, then by attack or fault: what its controls switch off. */
  readonly controls: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

const SUITES = ["attacks", "bench", "conformance", "e2e", "faults", "fuzz", "model", "soak"]

/** Returns the titles of each suite, each with the files that hold it. */
export async function testsOfToday(): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>> {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  const files = SUITES.flatMap((suite) => globSync(`${suite}/**/*.{suite,e2e,test}.ts`, { cwd: root }))
  const suites = new Map(SUITES.map((suite) => [suite, new Map<string, string[]>()]))
  for (const [file, titles] of Object.entries(await listTests(files.sort(), "all"))) {
    const suite = suites.get(file.split("/", 1)[0] ?? "")
    for (const title of titles) suite?.set(title, [...(suite.get(title) ?? []), placeOf(file)])
  }
  return suites
}

/** Returns what the controls of each attack and fault switch off. */
export function controlsOfToday(): Inventory["controls"] {
  return {
    attacks: Object.fromEntries(
      ATTACKS.map(({ id, name, control }) => [
        `${id}: ${name}`,
        control === "brownfield" ? ["isolation"] : [control].flat().map(({ off }) => off),
      ]),
    ),
    faults: Object.fromEntries(
      FAULTS.map(({ id, name, controls }) => [
        `${id}: ${name}`,
        controls.map(({ breaks, change }) => `${breaks}: ${change.off}`),
      ]),
    ),
  }
}

/** `chromium` of `e2e/chromium.e2e.ts`. */
function placeOf(file: string): string {
  return basename(file).split(".", 1)[0] ?? file
}
