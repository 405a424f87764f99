import { access } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { CommandError } from "../run-command.ts"

const NAMES = ["isolation.test.ts", "isolation.test.js", "isolation.test.mjs", "isolation.test.json"]

/**
 * The test files of a project: in the working directory, beside the configuration's folder, beside the isolation app, and
 * in its source folder.
 *
 * @param config absolute path of the configuration file
 * @param dir absolute path of the isolation app
 * @throws CommandError when there is none
 */
export async function findTestFiles(config: string, dir: string, cwd: string): Promise<string[]> {
  const project = dirname(dirname(config))
  const folders = foldersOf(config, dir, cwd)
  const found = await filesIn(folders)
  if (found.length > 0) return found
  throw new CommandError(
    `there is no test file. Write isolation.test.json in ${project}:\n` +
      `  [{ "name": "notes may be read", "call": { "cmd": "read_note", "payload": { "path": "a.md" } }, "expect": "pass" }]\n` +
      `Looked for ${NAMES.join(", ")} in ${[...folders].join(", ")}.`,
  )
}

/** Whether a project has a test file. */
export async function hasTestFile(config: string, dir: string): Promise<boolean> {
  return (await filesIn(foldersOf(config, dir, dirname(dir)))).length > 0
}

function foldersOf(config: string, dir: string, cwd: string): ReadonlySet<string> {
  const project = dirname(dirname(config))
  return new Set([resolve(cwd), project, dirname(dir), join(project, "src-isolation"), dir])
}

async function filesIn(folders: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = []
  for (const folder of folders)
    for (const name of NAMES) if (await exists(join(folder, name))) found.push(join(folder, name))
  return found
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
