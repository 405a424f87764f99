import type { CheckResult } from "./check.ts"
import type { Severity } from "./rule.ts"

/** One finding, as `sallyport check --json` prints it. */
export interface JsonFinding {
  readonly code: string
  readonly severity: Severity
  /** Absolute path. */
  readonly file: string
  /** Both count from 1; `null`: it is about the whole file. */
  readonly line: number | null
  readonly column: number | null
  readonly what: string
  readonly why: string
  readonly mend: string
  /** The rule's page, in the package. */
  readonly docs: string
}

/** What `sallyport check --json` prints. */
export interface JsonReport {
  /** No error and no warning was found. */
  readonly ok: boolean
  /** Absolute path of the isolation app. */
  readonly dir: string
  readonly stage: "source" | "built"
  readonly target: "tauri" | "sallyport"
  readonly files: number
  readonly bytes: number
  readonly errors: number
  readonly warnings: number
  readonly notes: number
  readonly findings: readonly JsonFinding[]
}

export function jsonReport({ findings, dir, stage, target, files, bytes }: CheckResult): JsonReport {
  const count = (severity: Severity): number => findings.filter(({ rule }) => rule.severity === severity).length
  const [errors, warnings, notes] = [count("error"), count("warning"), count("note")]
  return {
    ok: errors + warnings === 0,
    ...{ dir, stage, target, files, bytes, errors, warnings, notes },
    findings: findings.map(({ rule: { code, severity, why, mend }, file, position, what }) => ({
      ...{ code, severity, file },
      line: position?.line ?? null,
      column: position?.column ?? null,
      ...{ what, why, mend, docs: `docs/rules/${code}.md` },
    })),
  }
}
