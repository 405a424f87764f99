import { type BrowserName, type Driver, launch } from "../e2e/drivers/driver.ts"
import { measureCosts, measureHook } from "./costs.ts"
import type { Effort } from "./effort.ts"
import { figuresOf, ratiosOf } from "./figures.ts"
import { type Contender, type Measured, measure, ready } from "./measure.ts"
import type { BrowserResult } from "./results.ts"
import { type Pattern, SallyportApp } from "./sallyport-app.ts"

/** Measures both patterns in one browser. Throws an `Error` when that cannot be had. */
export async function measureBrowser(
  name: BrowserName,
  effort: Effort,
  say: (line: string) => void,
): Promise<{ readonly result: BrowserResult; readonly failures: readonly string[] }> {
  const driver = await launch(name)
  const apps: SallyportApp[] = []
  try {
    say(`── ${name} ${driver.version}`)
    return await measureIn(driver, apps, effort, say)
  } finally {
    await driver.close()
    await Promise.all(apps.map((app) => app.close()))
  }
}

async function measureIn(
  driver: Driver,
  apps: SallyportApp[],
  effort: Effort,
  say: (line: string) => void,
): Promise<{ readonly result: BrowserResult; readonly failures: readonly string[] }> {
  const isolated = await open(driver, "isolation", apps)
  const brownfield = await open(driver, "brownfield", apps)
  const measured = await measure([isolated, brownfield], effort, say)
  const of = (contender: Contender): Measured => measured.get(contender) as Measured
  const costs = [
    await measureCosts(isolated.page, isolated.core, effort),
    await measureCosts(brownfield.page, brownfield.core, effort),
  ] as const
  return {
    result: {
      version: driver.version,
      isolated: {
        ...figuresOf(of(isolated).samples),
        ...costs[0],
        hook_us_per_call: await measureHook(isolated.page, effort),
      },
      brownfield: { ...figuresOf(of(brownfield).samples), ...costs[1] },
      ratios: ratiosOf(of(isolated).samples, of(brownfield).samples),
    },
    failures: [...measured].flatMap(([contender, { failures }]) =>
      failures.map((why) => `${driver.name}, ${contender.name}: ${why}`),
    ),
  }
}

async function open(
  driver: Driver,
  pattern: Pattern,
  apps: SallyportApp[],
): Promise<Contender & { readonly core: SallyportApp["core"] }> {
  const app = await SallyportApp.start(pattern)
  apps.push(app)
  const page = await driver.open(await app.launchUrl())
  await ready(page)
  return { name: pattern === "isolation" ? "isolated" : pattern, page, core: app.core, isPeer: false, lacks: [] }
}
