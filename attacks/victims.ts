import { AppHost } from "./app-host.ts"
import type { VictimOptions } from "./victim-app.ts"
import { Victim } from "./victim-process.ts"

/** Apps under attack that are kept for later attacks. */
const KEPT = 12
/** Apps that are started in one process: each source without one of its defences stays in its memory. */
const STARTED = 60

/**
 * Apps under attack, for one attack at a time: those that attacks have given back serve later ones that want the same app. Apps as
 * they are share a process, and so do those without a defence: what goes wrong in these does not reach the others.
 */
export class Victims {
  /** The one given back last is the last one. */
  readonly #idle: { readonly key: string; readonly victim: Victim }[] = []
  readonly #hosts = new Map<boolean, AppHost>()
  /** Processes in which no more apps are started. */
  readonly #full = new Set<AppHost>()

  /** Returns an app for one attack alone, which gives it back. */
  async take(options: VictimOptions): Promise<Victim> {
    const key = JSON.stringify(options)
    for (const idle of this.#idle.filter((idle) => idle.key === key)) {
      this.#idle.splice(this.#idle.indexOf(idle), 1)
      if (idle.victim.isAlive) return idle.victim
      await idle.victim.close()
    }
    return Victim.start(options, canShare(options) ? this.#hostFor(options) : null)
  }

  async giveBack(options: VictimOptions, victim: Victim): Promise<void> {
    this.#idle.push({ key: JSON.stringify(options), victim })
    for (const { victim } of this.#idle.splice(0, this.#idle.length - KEPT)) await victim.close()
    for (const host of this.#full)
      if (host.running === 0) {
        this.#full.delete(host)
        await host.end()
      }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map(({ victim }) => victim.close()))
    await Promise.all([...this.#hosts.values(), ...this.#full].map((host) => host.end()))
  }

  #hostFor({ weakness }: VictimOptions): AppHost {
    const isAsItIs = weakness === null || weakness === "brownfield"
    let host = this.#hosts.get(isAsItIs)
    if (host === undefined || !host.isAlive || host.started >= STARTED) {
      if (host !== undefined) this.#full.add(host)
      host = new AppHost(isAsItIs)
      this.#hosts.set(isAsItIs, host)
    }
    return host
  }
}

/** An app that starts browsers, writes files or watches them has a process of its own. */
function canShare({ browser, hasFiles = false, hasDevServer = false }: VictimOptions): boolean {
  return browser === undefined && !hasFiles && !hasDevServer
}
