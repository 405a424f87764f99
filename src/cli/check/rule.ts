import type { Position } from "../../isolation-app/isolation-app.ts"
import type { Target } from "../project/find-project.ts"
import type { CheckedApp } from "./checked-app.ts"

/** `error`: it does not run, or not as written. `warning`: it runs, and does less than its author thinks. `note`: worth knowing. */
export type Severity = "error" | "warning" | "note"

/** What a rule found. */
export interface Found {
  /** Absolute path. */
  readonly file: string
  /** `null`: it is about the whole file. */
  readonly position: Position | null
  /** Characters from there that it is about, as far as they are on that line. */
  readonly length?: number
  /** What is there, as the beginning of a sentence: without a capital or a period. */
  readonly what: string
}

export interface Rule {
  readonly code: string
  readonly severity: Severity
  /** Where it matters. */
  readonly targets: readonly Target[]
  /** What it is about, in one line. */
  readonly summary: string
  readonly why: string
  readonly mend: string
  /** Set where a launch refuses the app: then no comment turns the rule off. */
  readonly stopsLaunch?: boolean
  check(app: CheckedApp): Iterable<Found>
}

export const BOTH: readonly Target[] = ["tauri", "sallyport"]

/** A finding: what a rule found, and the rule. */
export interface Finding extends Found {
  readonly rule: Rule
}
