import type { Replacement } from "../attacks/attack.ts"
import type { BrowserName, Driver, Page } from "../e2e/drivers/driver.ts"
import type { Findings } from "./findings.ts"
import type { Census, Subject, SubjectOptions } from "./subject-process.ts"

/** What must hold whatever happens: each promise settles, nothing runs twice, nothing is left, the app goes on or says why not. */
export type Promised = "lost" | "doubled" | "leaked" | "stopped"

/** A way of breaking the code so that a promise does not hold: the fault must then report it. */
export interface Control {
  readonly breaks: Promised
  readonly change: Replacement
}

/** What a fault works with. */
export interface Scene {
  /** A browser that is this fault's alone. Throws for a fault that names none. */
  readonly browser: () => Driver
  /** Starts another one in place of a browser that is broken. */
  relaunch(): Promise<void>
  readonly findings: Findings
  /** Whether minutes are to be seconds, and every byte every few: for `npm test`. */
  readonly isQuick: boolean
  /** Starts an app, ended after the fault. */
  start(options?: SubjectOptions): Promise<Subject>
  /** Opens a window of it in the browser, and waits until it has made a call. */
  open(subject: Subject): Promise<Page>
  /**
   * The end of a fault: all pages are closed, the app knows of no session, and holds no more than it did. A browser keeps idle
   * connections for ten seconds more; a quick run does not wait for them, and ends the browser.
   */
  holdsNoMoreThan(subject: Subject, before: Census): Promise<void>
}

/** An experiment: something breaks, and what has been promised is looked at. */
export interface Fault {
  /** `core-killed`. */
  readonly id: string
  /** What happens, in words. */
  readonly name: string
  /** What the app does about it. */
  readonly outcome: string
  /** What the user sees. */
  readonly seen: string
  /** In which browsers it makes a difference. Empty: it needs none. */
  readonly browsers: readonly BrowserName[]
  /** Browsers that `npm test` leaves out, for its time. */
  readonly leftOutOfTests?: readonly BrowserName[]
  /** How long it may take at most, in ms. Default: two minutes. */
  readonly limitMs?: number
  run(scene: Scene): Promise<void>
  readonly controls: readonly Control[]
}
