import { dirname, join, resolve } from "node:path"
import { kindOf } from "../../config/find-file.ts"
import { findProject, type Project } from "../project/find-project.ts"
import { CommandError } from "../run-command.ts"
import { shownPath } from "../shown-path.ts"

/** The folder that an isolation app is built from. */
const NAME = "src-isolation"

/** What is to be built, and where to. All paths are absolute. */
export interface BuildPlace {
  readonly project: Project
  readonly source: string
  readonly dir: string
}

/**
 * Finds what to build: `dir` is the one that the configuration names; the source is `src-isolation` in the project's folder or
 * beside its configuration, unless another is named.
 *
 * @param start a folder of the project, or its configuration
 * @param src the source, relative to the working directory
 * @throws CommandError
 */
export async function findBuildPlace(start: string, src: string | undefined): Promise<BuildPlace> {
  if ((await kindOf(start)) === "nothing") throw new CommandError(`${resolve(start)}: there is no such file or folder`)
  const project = await findProject(start)
  if (project === null) {
    throw new CommandError(`${resolve(start)}: found no tauri.conf.json here, in src-tauri, or in the folders above`)
  }
  return { project, source: await sourceOf(project, src), dir: dirOf(project) }
}

function dirOf({ config, pattern, isolationDir, frontendDist }: Project): string {
  const place = `${config}: app.security.pattern`
  const mend = 'set app.security.pattern to { "use": "isolation", "options": { "dir": "../dist-isolation" } }'
  if (pattern !== "isolation") {
    const found = pattern === null ? "found nothing" : `is ${JSON.stringify(pattern)}`
    throw new CommandError(`${place}.use: ${found}, so no isolation app would be used: ${mend}`)
  }
  if (isolationDir === null) throw new CommandError(`${place}.options.dir: found no folder to build into: ${mend}`)
  if (isolationDir === frontendDist) {
    throw new CommandError(
      `${place}.options.dir: this is build.frontendDist: the isolation app needs a folder of its own`,
    )
  }
  return isolationDir
}

/** The folders of a project that an isolation app may be built from: none, or one, or two that contradict. */
export async function sourcesIn(project: Project): Promise<string[]> {
  const found: string[] = []
  for (const candidate of candidates(project)) if ((await kindOf(candidate)) === "folder") found.push(candidate)
  return found
}

const candidates = ({ root, config }: Project): string[] => [
  ...new Set([join(root, NAME), join(dirname(config), NAME)]),
]

async function sourceOf(project: Project, src: string | undefined): Promise<string> {
  if (src !== undefined) return resolve(src)
  const [source, other] = await sourcesIn(project)
  if (source === undefined) {
    throw new CommandError(
      `found no source to build from: looked for ${candidates(project).join(", ")}. ` +
        `Make one with "sallyport init", or name it: --src ${shownPath(join(project.root, "isolation"))}`,
    )
  }
  if (other !== undefined) throw new CommandError(`${source} and ${other} could both be the source: choose with --src`)
  return source
}
