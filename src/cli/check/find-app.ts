import { readdir } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { kindOf } from "../../config/find-file.ts"
import { findProject, type Project, type Target } from "../project/find-project.ts"
import { CommandError } from "../run-command.ts"
import type { CheckOptions } from "./check.ts"

/** The folder that an isolation app is built from, by its usual name. */
const SOURCE = "src-isolation"

/**
 * Finds the isolation app to check: the folder itself when it holds one, else the project's: its source when there is one, for
 * there its author mends, else what the configuration names.
 *
 * @param start a folder or a configuration, relative to the working directory
 * @throws CommandError, ConfigError
 */
export async function findApp(start: string, target: Target | undefined): Promise<CheckOptions> {
  const dir = resolve(start)
  const kind = await kindOf(dir)
  if (kind === "nothing") throw new CommandError(`${dir}: there is no such file or folder`)
  const project = await findProject(dir)
  const options = (app: string, stage: CheckOptions["stage"]): CheckOptions => ({
    dir: app,
    stage,
    target: target ?? project?.target ?? "sallyport",
    project,
  })
  if (project?.isolationDir === dir) return options(dir, "built")
  if (kind === "folder" && (await isIsolationApp(dir, project))) return options(dir, "source")
  if (project === null) {
    throw new CommandError(
      `${dir}: found no isolation app: no index.html here, and no tauri.conf.json here, in src-tauri, or in the folders above`,
    )
  }
  const { config, isolationDir, root } = project
  for (const folder of [root, dirname(config)]) {
    const source = join(folder, SOURCE)
    if (source !== isolationDir && (await kindOf(source)) === "folder") return options(source, "source")
  }
  if (project.pattern === "isolation" && isolationDir !== null) return options(isolationDir, "built")
  const found = project.pattern === null ? "says nothing" : `says ${JSON.stringify(project.pattern)}`
  throw new CommandError(
    `${config}: app.security.pattern.use ${found}, so there is no isolation app to check. ` +
      'Add one with "sallyport init", or name its folder.',
  )
}

/** Whether a folder holds an isolation app, and no frontend: its page is not the project's. */
async function isIsolationApp(dir: string, project: Project | null): Promise<boolean> {
  if (project !== null && [project.root, dirname(project.config), project.frontendDist].includes(dir)) return false
  const names = await readdir(dir).catch((): string[] => [])
  return names.includes("index.html")
}
