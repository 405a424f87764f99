import type { BrowserName, Driver, Page } from "../e2e/drivers/driver.ts"
import type { Attack, Scene, Weakness } from "./attack.ts"
import { Victim, type VictimOptions } from "./victim-process.ts"

/** What became of an attack in one browser. */
export interface Verdict {
  readonly id: string
  readonly name: string
  readonly browser: BrowserName
  /** Against the app as it is: must be false. */
  readonly succeeded: boolean
  /** With the defence switched off: must be true. */
  readonly controlSucceeded: boolean
  /** Why it could not be judged; `null` when it was. Counts as a failure. */
  readonly problem: string | null
}

/** Apps under attack that are kept for later attacks: each is a process. */
const VICTIMS = 6

/** Longer than this no attack takes, in ms. */
const ATTACK_MS = 60_000

const CONTROL_TRIES = 3

/** Runs attacks in one browser. Apps under attack are shared by attacks that want the same one. */
export class Range {
  readonly #driver: Driver
  readonly #victims = new Map<string, Promise<Victim>>()

  constructor(driver: Driver) {
    this.#driver = driver
  }

  /**
   * Tries an attack against the app as it is, and against one whose defence is switched off. What could not be judged, for a
   * page that did not load in time for instance, is tried once more.
   */
  async try(attack: Attack): Promise<Verdict> {
    const first = await this.#judge(attack)
    return first.problem === null ? first : this.#judge(attack)
  }

  async #judge(attack: Attack): Promise<Verdict> {
    const { id, name } = attack
    const verdict = { id, name, browser: this.#driver.name }
    try {
      // The other app starts while this one is attacked: most of that time is spent waiting.
      this.#victim({ ...attack.victim, weakness: attack.control }).catch(() => {})
      const succeeded = await this.#run(attack, null)
      // It shows that the attack can succeed. On a busy machine it may be too slow once: what it waits for has its limits.
      let controlSucceeded = false
      for (let tries = 0; tries < CONTROL_TRIES && !controlSucceeded; tries++)
        controlSucceeded = await this.#run(attack, attack.control)
      return { ...verdict, succeeded, controlSucceeded, problem: null }
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return { ...verdict, succeeded: false, controlSucceeded: false, problem }
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#victims.values()].map(async (victim) => (await victim).close()))
  }

  async #run(attack: Attack, weakness: Weakness | null): Promise<boolean> {
    const victim = await this.#victim({ ...attack.victim, weakness })
    const opened: Page[] = []
    const open = async (label: string): Promise<Page> => {
      const page = await this.#driver.open(await victim.launchUrl(label))
      opened.push(page)
      await page.waitFor("return typeof attacker === 'object'")
      return page
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${ATTACK_MS} ms`)), ATTACK_MS)
    })
    try {
      const page = await open("main")
      victim.forget()
      const scene: Scene = { victim, driver: this.#driver, page, open }
      const gotIt = await Promise.race([carryOut(attack, scene), late])
      return gotIt || !victim.isAlive
    } finally {
      clearTimeout(timer)
      for (const page of opened) await page.close().catch(() => {})
    }
  }

  async #victim(options: VictimOptions): Promise<Victim> {
    const key = JSON.stringify(options)
    const known = this.#victims.get(key)
    this.#victims.delete(key)
    const victim = known !== undefined && (await known).isAlive ? known : Victim.start(options)
    // The last used is the last to go.
    this.#victims.set(key, victim)
    const idle = [...this.#victims].slice(0, -VICTIMS)
    for (const [oldest, started] of idle) {
      this.#victims.delete(oldest)
      await (await started).close()
    }
    return victim
  }
}

async function carryOut(attack: Attack, scene: Scene): Promise<boolean> {
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
