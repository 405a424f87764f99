import type { VictimOptions } from "./victim-app.ts"
import { Victim } from "./victim-process.ts"

/** Apps under attack that are kept for later attacks: each is a process. */
const KEPT = 6

/** Apps under attack, shared by attacks that want the same one. */
export class Victims {
  readonly #started = new Map<string, Promise<Victim>>()

  async get(options: VictimOptions): Promise<Victim> {
    const key = JSON.stringify(options)
    const known = this.#started.get(key)
    this.#started.delete(key)
    const victim = known !== undefined && (await known).isAlive ? known : Victim.start(options)
    // The last used is the last to go.
    this.#started.set(key, victim)
    const idle = [...this.#started].slice(0, -KEPT)
    for (const [oldest, started] of idle) {
      this.#started.delete(oldest)
      await (await started).close()
    }
    return victim
  }

  async close(): Promise<void> {
    await Promise.all([...this.#started.values()].map(async (victim) => (await victim).close()))
  }
}
