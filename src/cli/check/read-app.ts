import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { type Program, parse } from "acorn"
import { type InspectedScript, inspectIsolationApp } from "../../isolation-app/inspect.ts"
import { IsolationAppError } from "../../isolation-app/isolation-app.ts"
import { checkForTauri } from "../../isolation-app/tauri-rules.ts"
import { toScript } from "../../isolation-app/to-script.ts"
import type { ProjectCommands } from "../project/find-commands.ts"
import type { Project, Target } from "../project/find-project.ts"
import { CheckedApp, type CheckedScript, type Stage } from "./checked-app.ts"
import { pageElements } from "./page-elements.ts"

export interface ReadAppOptions {
  readonly stage: Stage
  readonly target: Target
  readonly project: Project | null
  readonly commands: ProjectCommands | null
}

/** Reads an isolation app with all that is wrong with it. Nothing in it is run. */
export async function readApp(dir: string, options: ReadAppOptions): Promise<CheckedApp> {
  const problems: IsolationAppError[] = []
  const inspection = await inspectIsolationApp(
    dir,
    (problem) => void problems.push(problem),
    options.stage === "source" ? { toScript } : {},
  )
  if (inspection !== null) {
    try {
      checkForTauri(inspection)
    } catch (error) {
      if (!(error instanceof IsolationAppError)) throw error
      problems.push(error)
    }
  }
  const scripts = (inspection?.scripts ?? []).map(parsed)
  const files = new Map(scripts.map(({ file, written }) => [file, written]))
  if (inspection !== null) files.set(inspection.index, inspection.html)
  return new CheckedApp({
    dir,
    ...options,
    problems,
    page: inspection === null ? null : { file: inspection.index, elements: pageElements(inspection.html) },
    scripts,
    packages: await packagesOf(dir, options.project),
    bytes: [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0),
  })
}

/** What is no script may be a module: its mistakes are shown, too. */
function parsed({ file, text, written, start }: InspectedScript, index: number): CheckedScript {
  const options = { ecmaVersion: "latest", locations: true, sourceFile: String(index) } as const
  let program: Program | null = null
  for (const sourceType of ["script", "module"] as const) {
    try {
      program ??= parse(text, { ...options, sourceType })
    } catch {
      // Reported by the inspection, with its position.
    }
  }
  return { file, written, start, program }
}

/** The isolation app's own, and not the project's: in its folder, or in the one around that. */
async function packagesOf(dir: string, project: Project | null): Promise<readonly { file: string; text: string }[]> {
  const folders = [dir, dirname(dir)].filter(
    (folder, index) => index === 0 || (project !== null && isBelow(folder, project.root)),
  )
  const found: { file: string; text: string }[] = []
  for (const folder of folders) {
    const file = join(folder, "package.json")
    const text = await readFile(file, "utf8").catch(() => null)
    if (text !== null) found.push({ file, text })
  }
  return found
}

const isBelow = (folder: string, root: string): boolean => folder !== root && folder.startsWith(root)
