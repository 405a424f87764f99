import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { buildPage } from "../../isolation-app/build-page.ts"
import { inspectIsolationApp } from "../../isolation-app/inspect.ts"
import { ISOLATION_APP_ERRORS, IsolationAppError } from "../../isolation-app/isolation-app-error.ts"
import { sourcesIn } from "../build/find-source.ts"
import type { Project } from "../project/find-project.ts"
import { type Examine, error, type Finding, fine, warning } from "./finding.ts"

export const isolation: Examine = async ({ project }) => {
  const dir = project?.pattern === "isolation" ? project.isolationDir : null
  if (project === null || dir === null) return { name: "Isolation app", findings: [] }
  const findings: Finding[] = []
  const inspection = await inspectIsolationApp(dir, (reason) => void findings.push(problem(reason)))
  if (inspection?.served != null) {
    const bytes = inspection.scripts.reduce((sum, { text }) => sum + text.length, 0)
    findings.push(fine(`${dir}: ${inspection.scripts.length} scripts, ${bytes} characters`))
    const { lock } = inspection
    findings.push(
      lock === null
        ? warning(
            "it is not locked: a changed file starts like any other",
            "build it: sallyport build writes isolation.lock.json",
          )
        : fine(lock.signature === undefined ? "its lock fits its files" : "its lock fits its files, and is signed"),
    )
    findings.push(...(await staleness(project, dir)))
  }
  return { name: "Isolation app", findings }
}

function problem(reason: IsolationAppError): Finding {
  const place =
    reason.position === null ? reason.file : `${reason.file}:${reason.position.line}:${reason.position.column}`
  return error(`${place}: ${reason.code}`, ISOLATION_APP_ERRORS[reason.code])
}

/** Whether what runs is what its source would make today. */
async function staleness(project: Project, dir: string): Promise<Finding[]> {
  const [source] = await sourcesIn(project)
  if (source === undefined || source === dir) return []
  try {
    const { html } = await buildPage(source)
    const hash = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex")
    const isCurrent = hash(html) === hash(await readFile(join(dir, "index.html")))
    return [
      isCurrent
        ? fine(`it is what ${source} makes`)
        : warning(`${source} has changed since it was built`, "build it: sallyport build"),
    ]
  } catch (reason) {
    if (!(reason instanceof IsolationAppError)) throw reason
    return [problem(reason)]
  }
}
