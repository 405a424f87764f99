import { type BrowserName, type Driver, launch } from "../e2e/drivers/driver.ts"
import { measureCosts, measureHook } from "./costs.ts"
import type { Effort, Efforts } from "./effort.ts"
import { figuresOf, ratiosOf } from "./figures.ts"
import { firstCall } from "./in-page.ts"
import { type Contender, inPage, type Measured, measure, ready } from "./measure.ts"
import type { PeerServer } from "./peers/start.ts"
import { reason } from "./reason.ts"
import type { BrowserResult, PeerResult } from "./results.ts"
import { type Pattern, SallyportApp } from "./sallyport-app.ts"

export interface BrowserMeasured {
  readonly result: BrowserResult
  readonly peers: Readonly<Record<string, PeerResult>>
  readonly failures: readonly string[]
}

/** Measures both patterns and the peers in one browser. Throws an `Error` when that cannot be had. */
export async function measureBrowser(
  name: BrowserName,
  peers: readonly PeerServer[],
  efforts: Efforts,
  say: (line: string) => void,
): Promise<BrowserMeasured> {
  const driver = await launch(name)
  const apps: SallyportApp[] = []
  try {
    say(`── ${name} ${driver.version}`)
    return await measureIn(driver, apps, peers, efforts, say)
  } finally {
    await driver.close()
    await Promise.all(apps.map((app) => app.close()))
  }
}

async function measureIn(
  driver: Driver,
  apps: SallyportApp[],
  peers: readonly PeerServer[],
  efforts: Efforts,
  say: (line: string) => void,
): Promise<BrowserMeasured> {
  const failures: string[] = []
  const isolated = await openApp(driver, "isolation", apps, efforts.own)
  const brownfield = await openApp(driver, "brownfield", apps, efforts.own)
  const rivals: Contender[] = []
  for (const peer of peers) {
    try {
      rivals.push(await openPeer(driver, peer, efforts.peers))
    } catch (error) {
      failures.push(`${peer.peer.name}: ${reason(error)}`)
      say(`✗  ${failures.at(-1)}`)
    }
  }
  const measured = await measure([isolated, brownfield, ...rivals], say)
  const of = (contender: Contender): Measured => measured.get(contender) as Measured
  for (const [{ name }, { failures: whys }] of measured) failures.push(...whys.map((why) => `${name}: ${why}`))
  const isolatedCosts = await measureCosts(isolated.page, isolated.core, efforts.own)
  const brownfieldCosts = await measureCosts(brownfield.page, brownfield.core, efforts.own)
  return {
    result: {
      version: driver.version,
      isolated: {
        ...figuresOf(of(isolated).samples),
        ...isolatedCosts,
        hook_us_per_call: await measureHook(isolated.page),
      },
      brownfield: { ...figuresOf(of(brownfield).samples), ...brownfieldCosts },
      ratios: ratiosOf(of(isolated).samples, of(brownfield).samples),
    },
    peers: Object.fromEntries(
      rivals.map((rival) => [
        rival.name,
        { ...figuresOf(of(rival).samples), ratios: ratiosOf(of(isolated).samples, of(rival).samples) },
      ]),
    ),
    failures: failures.map((why) => `${driver.name}, ${why}`),
  }
}

async function openApp(
  driver: Driver,
  pattern: Pattern,
  apps: SallyportApp[],
  effort: Effort,
): Promise<Contender & { readonly core: SallyportApp["core"] }> {
  const app = await SallyportApp.start(pattern)
  apps.push(app)
  const page = await driver.open(await app.launchUrl())
  await ready(page)
  return { name: pattern === "isolation" ? "isolated" : pattern, page, core: app.core, effort, lacks: [] }
}

async function openPeer(driver: Driver, { peer, server }: PeerServer, effort: Effort): Promise<Contender> {
  const page = await driver.open(await server.ask("open"))
  await ready(page)
  // It says why it did not connect.
  await inPage(page, firstCall)
  return {
    name: peer.name,
    page,
    effort: { ...effort, burstCalls: Math.min(effort.burstCalls, peer.mostAtOnce ?? Infinity) },
    lacks: peer.lacks,
  }
}
