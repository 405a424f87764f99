import { readFile } from "node:fs/promises"
import { findCommands } from "../project/find-commands.ts"
import type { Project, Target } from "../project/find-project.ts"
import type { CheckedApp, Stage } from "./checked-app.ts"
import { applyIgnores } from "./ignore-comments.ts"
import { readApp } from "./read-app.ts"
import type { Finding } from "./rule.ts"
import { RULES } from "./rules/index.ts"

export interface CheckOptions {
  /** Absolute path of the isolation app. */
  readonly dir: string
  readonly stage: Stage
  readonly target: Target
  readonly project: Project | null
}

/** What was found in an isolation app. */
export interface CheckResult extends CheckOptions {
  /** In the order of files and lines. */
  readonly findings: readonly Finding[]
  /** The files with findings, and those of the isolation app: texts by absolute paths, with `\n` for line ends. */
  readonly texts: ReadonlyMap<string, string>
  /** How many files the isolation app has, and their bytes. */
  readonly files: number
  readonly bytes: number
}

/** Checks an isolation app. Nothing in it is run, and nothing is written. */
export async function checkIsolationApp(options: CheckOptions): Promise<CheckResult> {
  const { project, target } = options
  const commands = project === null ? null : await findCommands(project)
  const app = await readApp(options.dir, { ...options, commands })
  const rules = RULES.filter(({ targets }) => targets.includes(target))
  const found = rules.flatMap((rule) => [...rule.check(app)].map((one): Finding => ({ ...one, rule })))
  const texts = await textsOf(app, found)
  const asked = new Set(rules.map(({ code }) => code))
  const findings = applyIgnores(distinct(found), texts, RULES, asked)
  const own = ownFiles(app)
  return { ...options, findings: inOrder(findings), texts, files: own.size, bytes: app.parts.bytes }
}

function ownFiles({ parts: { page, scripts } }: CheckedApp): ReadonlySet<string> {
  return new Set([...(page === null ? [] : [page.file]), ...scripts.map(({ file }) => file)])
}

async function textsOf(app: CheckedApp, found: readonly Finding[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for (const { file } of [...[...ownFiles(app)].map((file) => ({ file })), ...found]) {
    // A page that is no text, or a folder, has no lines to quote.
    if (texts.has(file) || found.some((one) => one.file === file && one.rule.code === "FILE_TOO_LARGE")) continue
    const text = await readFile(file, "utf8").catch(() => null)
    if (text !== null) texts.set(file, text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n"))
  }
  return texts
}

/** One rule says one thing of a place once. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ rule, file, position, what }) => {
    const key = JSON.stringify([rule.code, file, position?.line, position?.column, what])
    return !seen.has(key) && seen.add(key)
  })
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const at = ({ position }: Finding): [number, number] => [position?.line ?? 0, position?.column ?? 0]
  return [...findings].sort((a, b) => {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1
    return at(a)[0] - at(b)[0] || at(a)[1] - at(b)[1]
  })
}
