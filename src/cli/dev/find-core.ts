import { join, resolve } from "node:path"
import { kindOf } from "../../config/find-file.ts"
import type { Project } from "../project/find-project.ts"
import { CommandError } from "../run-command.ts"

/** Where a Core is looked for, in the project's folder. */
const PLACES = ["core", "core/main", "src-core/main"].flatMap((name) =>
  ["ts", "mts", "js", "mjs"].map((ending) => `${name}.${ending}`),
)

/** The program that is the Core. */
export interface CoreProgram {
  /** Absolute path. */
  readonly file: string
  /** Its commands stand in `file`, and a program of Sallyport's own runs them. */
  readonly isMock: boolean
}

/**
 * Finds the program that is a project's Core.
 *
 * @param core, mock paths that were given, relative to the working directory
 * @throws CommandError
 */
export async function findCore(
  { root, target }: Pick<Project, "root" | "target">,
  core: string | undefined,
  mock: string | undefined,
): Promise<CoreProgram> {
  const given = core ?? mock
  if (given !== undefined) {
    const file = resolve(given)
    if ((await kindOf(file)) === "file") return { file, isMock: core === undefined }
    throw new CommandError(`${core === undefined ? "--mock" : "--core"} ${given}: there is no such file`)
  }
  const [first] = await coresOf(root)
  if (first !== undefined) return { file: first, isMock: false }
  const looked = `looked for core.ts, core/main.ts, src-core/main.ts (or .mts, .js, .mjs) in ${root}`
  throw new CommandError(
    target === "tauri"
      ? `this is a Tauri project without a Core in TypeScript (${looked}): name a file that answers its commands, with --mock FILE`
      : `found no Core: ${looked}. Name the program that calls createApp(), with --core FILE, or answer commands from a file, with --mock FILE`,
  )
}

/** Every file of a project that could be its Core, absolute, the first first. */
export async function coresOf(root: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const place of PLACES) if ((await kindOf(join(root, place))) === "file") found.push(join(root, place))
  return found
}
