import type { Terminal } from "../src/cli/terminal.ts"
import type { Outcome } from "./run-suite.ts"

const CLEAR_LINE = "\r\u001b[K"

/** Shows a run: each suite when it is complete, and on a terminal the files that run now. */
export class Progress {
  readonly #terminal: Terminal
  readonly #isQuiet: boolean
  readonly #running: string[] = []

  /** @param isQuiet whether standard output belongs to a program: then only failures are said */
  constructor(terminal: Terminal, isQuiet: boolean) {
    this.#terminal = terminal
    this.#isQuiet = isQuiet
  }

  begin(what: string): void {
    this.#running.push(what)
    this.#draw()
  }

  end(what: string): void {
    this.#running.splice(this.#running.indexOf(what), 1)
    this.#draw()
  }

  complete(name: string, outcome: Outcome, seconds: number): void {
    this.#clear()
    if (!this.#isQuiet) this.#terminal.print(`\n── ${name}`)
    for (const failure of outcome.failures) this.#terminal.say(`\n✗ ${failure}`)
    if (!this.#isQuiet) this.#terminal.print(summary(outcome, seconds))
    this.#draw()
  }

  get #isDrawn(): boolean {
    return this.#terminal.isInteractive && !this.#isQuiet
  }

  #clear(): void {
    if (this.#isDrawn) process.stdout.write(CLEAR_LINE)
  }

  #draw(): void {
    if (this.#isDrawn && this.#running.length > 0)
      process.stdout.write(`${CLEAR_LINE}${`… ${this.#running.join(", ")}`.slice(0, this.#terminal.columns - 1)}`)
  }
}

function summary({ passed, failed, notTested }: Outcome, seconds: number): string {
  if (notTested !== null) return `not tested: ${notTested}`
  return `${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`
}
