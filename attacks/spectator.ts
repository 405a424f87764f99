import { createInterface } from "node:readline/promises"
import type { Page } from "../e2e/drivers/driver.ts"
import type { Attack, Weakness } from "./attack.ts"

/** How long a window stays where nobody can say that they have seen enough, in ms. */
const LOOK_MS = 2000

/** Somebody who watches: each page says what is tried in it, and stays until they press Enter. */
export class Spectator {
  readonly #terminal: ReturnType<typeof createInterface> | null = process.stdin.isTTY
    ? createInterface({ input: process.stdin, output: process.stderr })
    : null

  /** Before the attack, in its page. */
  async announce(page: Page, attack: Attack, weakness: Weakness | null): Promise<void> {
    await show(page, inWords(attack, weakness))
  }

  /** After it. An attack may have left its page unable to say anything. */
  async look(page: Page, attack: Attack, weakness: Weakness | null, gotIt: boolean): Promise<void> {
    const verdict = `${inWords(attack, weakness)}: ${gotIt ? "SUCCEEDED" : "stopped"}`
    await show(page, verdict).catch(() => {})
    if (this.#terminal === null) {
      console.error(verdict)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    } else await this.#terminal.question(`${verdict}. Enter goes on: `)
  }

  leave(): void {
    this.#terminal?.close()
  }
}

function inWords({ id, name }: Attack, weakness: Weakness | null): string {
  return `${id}: ${name}, against the app ${weakness === null ? "as it is" : "with its defence switched off"}`
}

async function show(page: Page, text: string): Promise<void> {
  await page.evaluate(`
    const said = document.createElement("p")
    said.textContent = ${JSON.stringify(text)}
    document.body.append(said)`)
}
