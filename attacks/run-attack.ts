import { type Driver, launch, type Page } from "../e2e/drivers/driver.ts"
import type { Attack, LocalScene, PageAttack, Place, Scene, SteppedAttack, Weakness } from "./attack.ts"
import type { Proof } from "./plan.ts"
import type { Spectator } from "./spectator.ts"
import { Stranger, until } from "./stranger.ts"
import { Victim } from "./victim-process.ts"
import type { Victims } from "./victims.ts"

/** What became of an attack in one place. */
export interface Verdict {
  readonly id: string
  readonly name: string
  readonly place: Place
  /** Against the app as it is: must be false. */
  readonly succeeded: boolean
  /** With the defence switched off: must be true. */
  readonly controlSucceeded: boolean
  /** Why it could not be judged; `null` when it was. Counts as a failure. */
  readonly problem: string | null
}

/** Longer than this no attack takes, in ms. */
const ATTACK_MS = 60_000

const CONTROL_TRIES = 5

/** Where attacks are run: in one browser, or in none. */
export class Range {
  readonly place: Place
  readonly #driver: Driver | null
  readonly #victims: Victims
  readonly #spectator: Spectator | null

  private constructor(place: Place, driver: Driver | null, victims: Victims, spectator: Spectator | null) {
    this.place = place
    this.#driver = driver
    this.#victims = victims
    this.#spectator = spectator
  }

  /**
   * @param victims apps that other ranges may attack, too, one at a time
   * @param spectator who watches: then browsers have windows, and attacks take as long as they are looked at
   */
  static async open(place: Place, victims: Victims, spectator: Spectator | null): Promise<Range> {
    const isHeaded = spectator !== null
    return new Range(place, place === "local" ? null : await launch(place, isHeaded), victims, spectator)
  }

  /**
   * Tries an attack against the app as it is, and against one whose defence is switched off. What could not be judged, for a
   * page that did not load in time for instance, is tried once more.
   */
  async try(attack: Attack): Promise<Verdict> {
    const { id, name } = attack
    const verdict = { id, name, place: this.place }
    try {
      const succeeded = await this.attack(attack)
      return { ...verdict, succeeded, controlSucceeded: await this.control(attack), problem: null }
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return { ...verdict, succeeded: false, controlSucceeded: false, problem }
    }
  }

  /** Tries an attack or its control. Returns whether it succeeded. */
  prove({ attack, isControl }: Pick<Proof, "attack" | "isControl">): Promise<boolean> {
    return isControl ? this.control(attack) : this.attack(attack)
  }

  /**
   * Tries an attack against the app as it is, once more where the first attempt could not be judged.
   *
   * @returns whether it succeeded: it must not
   * @throws Error when it could not be judged
   */
  attack(attack: Attack): Promise<boolean> {
    return this.#run(attack, null).catch(() => this.#run(attack, null))
  }

  /**
   * Tries an attack with its defence switched off. On a busy machine it may be too slow once, because what it waits for has its
   * limits: it has five attempts.
   *
   * @returns whether it succeeded: it must
   * @throws Error when the last attempt could not be judged
   */
  async control(attack: Attack): Promise<boolean> {
    for (let tries = 1; tries < CONTROL_TRIES; tries++)
      if (await this.#run(attack, attack.control).catch(() => false)) return true
    return this.#run(attack, attack.control)
  }

  async close(): Promise<void> {
    await this.#driver?.close()
  }

  async #run(attack: Attack, weakness: Weakness | null, isAlone = attack.alone ?? false): Promise<boolean> {
    const options = { ...attack.victim, weakness }
    const victim = await (isAlone ? Victim.start(options) : this.#victims.take(options))
    const stranger = new Stranger(victim.port)
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      if (this.#spectator === null)
        timer = setTimeout(() => reject(new Error(`took longer than ${ATTACK_MS} ms`)), ATTACK_MS)
    })
    // One that an attack has not come to its end with may still be under attack.
    let isFree = false
    try {
      const gotIt = await Promise.race([this.#carryOut(attack, weakness, { victim, stranger }), late])
      isFree = !isAlone && victim.isAlive
      if (gotIt || !victim.hasDied) return gotIt
    } catch (error) {
      // Nobody answers an attack that has ended the app: the news of that may come a moment later.
      if (!(await until(() => victim.hasDied, 500))) throw error
    } finally {
      clearTimeout(timer)
      stranger.leave()
      await (isFree ? this.#victims.giveBack(options, victim) : victim.close())
    }
    // It has ended the app. In a process of several, another attack may have done that.
    return !victim.isShared || this.#run(attack, weakness, true)
  }

  async #carryOut(attack: Attack, weakness: Weakness | null, scene: LocalScene): Promise<boolean> {
    if (attack.where === "local") {
      scene.victim.forget()
      return attack.steps(scene)
    }
    const driver = this.#driver
    if (driver === null) throw new Error("this attack needs a browser")
    const { victim } = scene
    const opened: Page[] = []
    const open = async (label: string): Promise<Page> => {
      const page = await driver.open(await victim.launchUrl(label))
      opened.push(page)
      await page.waitFor("return typeof attacker === 'object'")
      return page
    }
    try {
      const page = await open("main")
      victim.forget()
      await this.#spectator?.announce(page, attack, weakness)
      const gotIt = await carryOut(attack, { ...scene, driver, page, open })
      await this.#spectator?.look(page, attack, weakness, gotIt)
      return gotIt
    } finally {
      for (const page of opened) await page.close().catch(() => {})
    }
  }
}

async function carryOut(attack: PageAttack | SteppedAttack, scene: Scene): Promise<boolean> {
  if ("steps" in attack) return attack.steps(scene)
  const result = await scene.page.evaluate(`return (${asFunction(attack.inPage)})(attacker)`)
  if (attack.succeeded !== undefined) return attack.succeeded(result, scene)
  await settled(scene.victim)
  return scene.victim.hasRun("forbidden")
}

/** What an attack has done reaches the parent a moment later: after an answer to a question asked now. */
async function settled(victim: Victim): Promise<void> {
  await victim.launchUrl("other")
}

/** A method's text is no expression: `async inPage(attacker) {…}`. */
function asFunction(method: (...args: never[]) => unknown): string {
  const text = method.toString()
  return /^async\s+inPage\b/.test(text) ? text.replace(/^async\s+inPage/, "async function") : text
}
