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
  const folders = new Set([resolve(cwd), project, dirname(dir), join(project, "src-isolation"), dir])
  const found: string[] = []
  for (const folder of folders)
    for (const name of NAMES) if (await exists(join(folder, name))) found.push(join(folder, name))
  if (found.length > 0) return found
  throw new CommandError(
    `there is no test file. Write isolation.test.json in ${project}:\n` +
      `  [{ "name": "notes may be read", "call": { "cmd": "read_note", "payload": { "path": "a.md" } }, "expect": "pass" }]\n` +
      `Looked for ${NAMES.join(", ")} in ${[...folders].join(", ")}.`,
  )
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
