import type { VictimOptions } from "./victim-app.ts"
import { Victim } from "./victim-process.ts"

/** Apps under attack that are kept for later attacks: each is a process. */
const KEPT = 8

/** Apps under attack, for one attack at a time: those that attacks have given back serve later ones that want the same app. */
export class Victims {
  /** The one given back last is the last one. */
  readonly #idle: { readonly key: string; readonly victim: Victim }[] = []

  /** Returns an app for one attack alone, which gives it back. */
  async take(options: VictimOptions): Promise<Victim> {
    const key = JSON.stringify(options)
    for (const idle of this.#idle.filter((idle) => idle.key === key)) {
      this.#idle.splice(this.#idle.indexOf(idle), 1)
      if (idle.victim.isAlive) return idle.victim
      await idle.victim.close()
    }
    return Victim.start(options)
  }

  async giveBack(options: VictimOptions, victim: Victim): Promise<void> {
    this.#idle.push({ key: JSON.stringify(options), victim })
    for (const { victim } of this.#idle.splice(0, this.#idle.length - KEPT)) await victim.close()
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map(({ victim }) => victim.close()))
  }
}
