import { type CaseGroup, shownBy, type Verdict } from "./case.ts"

/** What the cases say of one function. */
export interface Row {
  readonly function: string
  readonly verdict: Verdict
  /** Why, when it does not work. */
  readonly reason: string
}

/** What the cases come to, before any has run. */
export interface Declared {
  readonly rows: readonly Row[]
  /** Functions that no case shows. */
  readonly missing: readonly string[]
  /** Cases that name what is not exported, contradict each other, or give no reason. */
  readonly mistakes: readonly string[]
}

/** Holds what the cases declare against what the package exports. */
export function declared(functions: readonly string[], groups: readonly CaseGroup[]): Declared {
  const rows = new Map<string, Row>()
  const mistakes: string[] = []
  const exported = new Set(functions)
  for (const each of groups.flatMap(({ cases }) => cases)) {
    const { verdict = "works", reason = "" } = each
    if (verdict !== "works" && reason === "") mistakes.push(`"${each.name}": "${verdict}" needs a reason`)
    for (const name of shownBy(each)) {
      if (!exported.has(name)) mistakes.push(`"${each.name}" shows ${name}, which @tauri-apps/api does not export`)
      const before = rows.get(name)
      if (before !== undefined && (before.verdict !== verdict || before.reason !== reason))
        mistakes.push(`"${each.name}": cases say different things of ${name}`)
      rows.set(name, { function: name, verdict, reason })
    }
  }
  return {
    rows: functions.flatMap((name) => rows.get(name) ?? []),
    missing: functions.filter((name) => !rows.has(name)),
    mistakes,
  }
}
