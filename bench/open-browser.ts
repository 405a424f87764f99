import { type BrowserName, type Driver, launch } from "../e2e/drivers/driver.ts"
import type { Effort, Efforts } from "./effort.ts"
import { firstCall } from "./in-page.ts"
import { type Contender, inPage, ready } from "./measure.ts"
import type { PeerServer } from "./peers/start.ts"
import { reason } from "./reason.ts"
import { type Pattern, SallyportApp } from "./sallyport-app.ts"

export interface OwnContender extends Contender {
  readonly core: SallyportApp["core"]
}

/** A browser with the page of every contender open. */
export interface OpenBrowser {
  readonly driver: Driver
  readonly isolated: OwnContender
  readonly brownfield: OwnContender
  readonly rivals: readonly Contender[]
  /** Why peers are missing. */
  readonly failures: readonly string[]
  /** Ends the browser and the Cores; the peers' servers go on. */
  close(): Promise<void>
}

/**
 * Starts a browser and what it needs, and opens all pages, as much of it at the same time as goes: nothing is measured meanwhile.
 *
 * @param peers their servers, which may still be starting
 * @throws Error when the browser or one of the Cores cannot be had
 */
export async function openBrowser(
  name: BrowserName,
  peers: readonly PeerServer[] | Promise<readonly PeerServer[]>,
  efforts: Efforts,
): Promise<OpenBrowser> {
  const [starting, ...cores] = [
    launch(name),
    SallyportApp.start("isolation"),
    SallyportApp.start("brownfield"),
  ] as const
  const close = async (): Promise<void> => {
    await starting.then((driver) => driver.close()).catch(() => {})
    await Promise.all(cores.map((app) => app.then((started) => started.close()).catch(() => {})))
  }
  try {
    const [driver, isolation, brownfield] = await Promise.all([starting, ...cores])
    const failures: string[] = []
    const rivals = (await peers).map(async (peer) => {
      try {
        return [await openPeer(driver, peer, efforts.peers)]
      } catch (error) {
        failures.push(`${peer.peer.name}: ${reason(error)}`)
        return []
      }
    })
    const [isolated, open] = await Promise.all([
      openApp(driver, "isolation", isolation, efforts.own),
      openApp(driver, "brownfield", brownfield, efforts.own),
    ])
    return {
      driver,
      isolated,
      brownfield: open,
      rivals: (await Promise.all(rivals)).flat(),
      failures,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openApp(driver: Driver, pattern: Pattern, app: SallyportApp, effort: Effort): Promise<OwnContender> {
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
