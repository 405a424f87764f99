import { BROWSERS, type BrowserName, type Driver, type Page } from "../e2e/drivers/driver.ts"
import type { Stranger } from "./stranger.ts"
import type { Toolbox } from "./toolbox.ts"
import type { VictimOptions } from "./victim-app.ts"
import type { Victim } from "./victim-process.ts"

/**
 * A defence that is switched off, to see that an attack would succeed without it: the configuration without isolation, or
 * the project's own source with one text in place of another. Several only where one alone would be no attack.
 */
export type Weakness = "brownfield" | Replacement | readonly Replacement[]

/** In a copy of the source. A text that is not there exactly once is an error: a control that changes nothing shows nothing. */
export interface Replacement {
  /** What is switched off, in words. */
  readonly off: string
  /** Path under `src/`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** What an attack works with outside of browsers. */
export interface LocalScene {
  readonly victim: Victim
  /** Another process on the same machine. */
  readonly stranger: Stranger
}

/** What an attack works with, outside the page. */
export interface Scene extends LocalScene {
  readonly driver: Driver
  /** The attacker's page: the window "main", just opened. */
  readonly page: Page
  /** Opens another window of the victim's app, closed after the attack. */
  open(label: string): Promise<Page>
}

interface AttackCommon {
  /** Row of the catalogue (docs/threat-model.md): `P3`. */
  readonly id: string
  /** What is tried, in words. */
  readonly name: string
  /** What stops it, in words. */
  readonly stoppedBy: string
  /** With this switched off the same steps succeed. */
  readonly control: Weakness
  /** What the app has besides the usual. */
  readonly victim?: Omit<VictimOptions, "weakness">
  /** The app has a process of its own and is used once: the attack leaves it changed or ended, or needs what is its process's: decisions, clock, memory. */
  readonly alone?: boolean
  /** It measures time or memory, or takes much of either: no other attack of its place runs meanwhile. */
  readonly needsQuiet?: boolean
}

/**
 * Where the defence against an attack is. `core`: the Core, its configuration or its plugins stop it by the bytes that arrive,
 * whichever engine sent them; the default run tries it in one engine. `browser`: the page's or the sandbox's script, or a rule of
 * the browser (origins, policies, cookies, storage, navigation, caches, processes), has a part in it; the default run tries it in
 * each engine.
 */
export type Defence = "core" | "browser"

interface BrowserAttack extends AttackCommon {
  readonly where?: "browser"
  readonly defence: Defence
  /** Engines that the attack cannot be tried in, each with its reason. */
  readonly not?: Partial<Readonly<Record<BrowserName, string>>>
}

/**
 * An attack from a script in the app's page. `inPage` runs there, in an attacker's hands: it refers to nothing outside
 * itself but its parameter.
 */
export interface PageAttack extends BrowserAttack {
  inPage(attacker: Toolbox): Promise<unknown>
  /** Whether it got what it wanted. Default: the command `forbidden` ran. */
  succeeded?(result: unknown, scene: Scene): boolean | Promise<boolean>
}

/** An attack in several steps, some of them outside a page: two windows, a reload, a restart, a socket. */
export interface SteppedAttack extends BrowserAttack {
  /** Resolves with whether it got what it wanted. */
  steps(scene: Scene): Promise<boolean>
}

/** An attack from another process, over sockets, files and what the system tells of processes: no browser has a part in it. */
export interface LocalAttack extends AttackCommon {
  readonly where: "local"
  /** Resolves with whether it got what it wanted. */
  steps(scene: LocalScene): Promise<boolean>
}

export type Attack = PageAttack | SteppedAttack | LocalAttack

/** Where an attack is tried: in a browser, or in none. */
export type Place = BrowserName | "local"

export const PLACES: readonly Place[] = [...BROWSERS, "local"]

export function placesOf(attack: Attack): readonly Place[] {
  return attack.where === "local" ? ["local"] : BROWSERS.filter((browser) => attack.not?.[browser] === undefined)
}
