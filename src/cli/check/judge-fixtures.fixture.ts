import { relative } from "node:path"
import { checkFixture, fixtureOf, HOOKS } from "./fixtures.fixture.ts"
import type { Finding, Rule } from "./rule.ts"
import { RULES } from "./rules/index.ts"

/** What became of the fixtures of all rules. */
export interface Judgment {
  readonly rules: number
  readonly failing_fixtures_caught: number
  readonly passing_fixtures_clean: number
  /** What should be otherwise, in words: a finding too few or too many. */
  readonly wrong: readonly string[]
}

/**
 * Checks the fixtures of each rule, as the target that it is for: in the failing one the rule must find something and no other
 * error or warning may be found; in the passing one nothing. In the correct hooks nothing may be found, for either target.
 */
export async function judgeFixtures(): Promise<Judgment> {
  let caught = 0
  let clean = 0
  const wrong: string[] = []
  for (const rule of RULES) {
    const fail = await findingsIn(rule, "fail")
    const others = fail?.filter((finding) => counts(finding, rule) && !belongs(finding, rule))
    if (fail === null) wrong.push(`${rule.code} has no failing fixture`)
    else if (!fail.some((finding) => finding.rule === rule))
      wrong.push(`${rule.code} finds nothing in its failing fixture`)
    else if (others?.[0] !== undefined) wrong.push(`${rule.code}: its failing fixture has also ${inWords(others[0])}`)
    else caught++

    const pass = await findingsIn(rule, "pass")
    const alarm = pass?.find((finding) => counts(finding, rule))
    if (pass === null) wrong.push(`${rule.code} has no passing fixture`)
    else if (alarm !== undefined) wrong.push(`${rule.code}: its passing fixture has ${inWords(alarm)}`)
    else clean++
  }
  for (const hook of HOOKS) {
    for (const target of ["sallyport", "tauri"] as const) {
      const { findings } = await checkFixture(hook, target)
      const alarm = findings.find(({ rule }) => rule.severity !== "note")
      if (alarm !== undefined) wrong.push(`${relative("", hook)}, for ${target}: ${inWords(alarm)}`)
    }
  }
  return { rules: RULES.length, failing_fixtures_caught: caught, passing_fixtures_clean: clean, wrong }
}

async function findingsIn(rule: Rule, kind: "fail" | "pass"): Promise<readonly Finding[] | null> {
  const fixture = fixtureOf(rule, kind)
  const target = rule.targets.includes("sallyport") ? "sallyport" : "tauri"
  return fixture === null ? null : (await checkFixture(fixture, target)).findings
}

/** Notes say what is worth knowing of an app that is fine. */
const counts = (finding: Finding, rule: Rule): boolean => finding.rule === rule || finding.rule.severity !== "note"

/** A comment that turns nothing off leaves what it was to turn off. */
const belongs = (finding: Finding, rule: Rule): boolean =>
  finding.rule === rule || (rule.code.startsWith("IGNORE_") && finding.rule.code === "HOOK_RETURNS_NOTHING")

const inWords = ({ rule, position, what }: Finding): string =>
  `${rule.code} at ${position?.line ?? 0}:${position?.column ?? 0}: ${what}`
