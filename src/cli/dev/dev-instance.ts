import type { InstanceOutcome, ToCore } from "../../dev-messages.ts"
import type { InstanceHold } from "../../single-instance/first-instance.ts"
import { InstanceError } from "../../single-instance/instance-error.ts"
import type { SecondLaunch } from "../../single-instance/launch-message.ts"
import { type Instance, startInstance } from "../../single-instance/start-instance.ts"

/** Maximum number of launches that wait for a Core. */
const WAITING = 64

/** Is the app's first instance for the Cores of a run: a Core that starts again is no second launch. */
export class DevInstance {
  readonly #tell: (message: ToCore) => void
  readonly #log: (line: string) => void
  #hold: InstanceHold | null = null
  #held = ""
  /** Launches that came while no Core could hear of them; `null`: one can. */
  #launches: SecondLaunch[] | null = []

  /** @param tell tells the Core that runs */
  constructor(tell: (message: ToCore) => void, log: (line: string) => void) {
    this.#tell = tell
    this.#log = log
  }

  async take(instance: Instance, launch: SecondLaunch): Promise<void> {
    const outcome = await this.#take(instance, launch)
    this.#tell({ kind: "instance", outcome })
    const launches = this.#launches ?? []
    this.#launches = null
    for (const missed of launches) this.#tell({ kind: "launched", launch: missed })
  }

  /** The Core that took the instance takes no launches any more. */
  coreEnds(): void {
    this.#launches ??= []
  }

  async #take(instance: Instance, launch: SecondLaunch): Promise<InstanceOutcome> {
    const wanted = JSON.stringify(instance)
    if (this.#hold !== null && this.#held === wanted) return "first"
    await this.end()
    try {
      const hold = await startInstance(instance, launch, this.#log)
      if (hold === null) return "undecided"
      if (hold === "second") return hold
      this.#hold = hold
      this.#held = wanted
      hold.onLaunch((launched) => {
        if (this.#launches === null) this.#tell({ kind: "launched", launch: launched })
        else if (this.#launches.length < WAITING) this.#launches.push(launched)
      })
      return "first"
    } catch (error) {
      if (error instanceof InstanceError) return { error: error.message }
      throw error
    }
  }

  shows(): void {
    this.#hold?.shows()
  }

  /** Another process may be the first instance from now on. */
  async end(): Promise<void> {
    const hold = this.#hold
    this.#hold = null
    await hold?.release()
  }
}
