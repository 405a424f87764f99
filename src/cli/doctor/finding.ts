import type { Project } from "../project/find-project.ts"

/** One thing that was looked at. */
export interface Finding {
  readonly state: "fine" | "warning" | "error"
  /** What was found. */
  readonly what: string
  /** What to do about it; `null` where there is nothing to do. */
  readonly mend: string | null
}

export interface Section {
  readonly name: string
  readonly findings: readonly Finding[]
}

/** Looks at one part of the machine or of a project. */
export type Examine = (subject: Subject) => Promise<Section>

export interface Subject {
  /** `null` where no project was found: then the machine alone is looked at. */
  readonly project: Project | null
}

export const fine = (what: string): Finding => ({ state: "fine", what, mend: null })
export const warning = (what: string, mend: string): Finding => ({ state: "warning", what, mend })
export const error = (what: string, mend: string): Finding => ({ state: "error", what, mend })
