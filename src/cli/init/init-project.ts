import { mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join, relative, sep } from "node:path"
import type { ConfigProblem } from "../../config/config-error.ts"
import { kindOf } from "../../config/find-file.ts"
import { parseFile, parseText } from "../../config/parse-file.ts"
import { at, isRecord, own } from "../../config/records.ts"
import { findCommands } from "../project/find-commands.ts"
import { findProject, type Project } from "../project/find-project.ts"
import { CommandError } from "../run-command.ts"
import { hasTestFile } from "../test/find-test-files.ts"
import { setInJson } from "./edit-json.ts"
import { setInToml } from "./edit-toml.ts"
import { hookTemplate, pageTemplate } from "./hook-template.ts"

/** What became of one file. */
export interface FileChange {
  /** Absolute path. */
  readonly file: string
  readonly change: "made" | "changed"
  /** What for, in words. */
  readonly what: string
}

export interface InitOptions {
  /** A folder of the project, or its configuration. */
  readonly start: string
  readonly language: "js" | "ts"
  /** Folder to build into, relative to the project's. */
  readonly dir: string
  /** Only say what would be done. */
  readonly dryRun: boolean
}

export interface InitResult {
  readonly project: Project
  /** In the order in which they were made. None when all was there. */
  readonly changes: readonly FileChange[]
  /** Names of the commands that the new hook lists; `null` when there was a hook already. */
  readonly commands: readonly string[] | null
  /** Whether what runs is built from a source. */
  readonly needsBuild: boolean
}

const SOURCE = "src-isolation"
const BUILD = "npx sallyport build"

/**
 * Adds the isolation pattern to a project: to its configuration, a hook that refuses by default, and the build step. What is
 * there already stays: doing it twice changes nothing.
 *
 * @throws CommandError when there is no project, or it holds something that contradicts
 */
export async function initProject({ start, language, dir, dryRun }: InitOptions): Promise<InitResult> {
  const project = await findProject(start)
  if (project === null)
    throw new CommandError(
      `${start}: found no tauri.conf.json here, in src-tauri, or in the folders above. A new app: sallyport init --new DIR`,
    )
  const changes: (FileChange & { readonly text: string })[] = []
  const source = join(project.root, SOURCE)
  const hasSource = (await kindOf(source)) !== "nothing"
  const isolated = project.pattern === "isolation" && project.isolationDir !== null
  const target = isolated ? (project.isolationDir ?? "") : join(project.root, dir)
  // An app that was written by hand and is used as it stands needs no build.
  const isHandWritten = isolated && !hasSource && (await kindOf(join(target, "index.html"))) === "file"

  const config = await changedConfig(project, target, !isHandWritten)
  if (config !== null) changes.push(config)
  let commands: string[] | null = null
  if (!isHandWritten && !hasSource) {
    const found = await findCommands(project)
    commands = [...new Set([...found.called, ...found.offered].map(({ name }) => name))]
    const script = `index.${language}`
    const hook = hookTemplate(found, project.root, language)
    changes.push({
      file: join(source, "index.html"),
      change: "made",
      what: "the page of the isolation app",
      text: pageTemplate(script),
    })
    changes.push({
      file: join(source, script),
      change: "made",
      what: "the hook: it refuses all, until you allow it",
      text: hook,
    })
    if (!(await hasTestFile(project.config, source)))
      changes.push({
        file: join(project.root, "isolation.test.json"),
        change: "made",
        what: "cases for sallyport test",
        text: CASES,
      })
  }
  if (!dryRun)
    for (const { file, text } of changes) {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
  return {
    project,
    changes: changes.map(({ file, change, what }) => ({ file, change, what })),
    commands,
    needsBuild: !isHandWritten,
  }
}

/** The first case: it holds for every hook that refuses by default, and shows how one is written. */
const CASES = `// What the hook must let through, and what not: sallyport test runs it. { "payload": … } expects these arguments behind the hook.
[
  { "name": "what the hook does not list is refused", "call": { "cmd": "no_such_command" }, "expect": "refuse" }
]
`

/** The configuration with pattern and build step; `null` when it has both. */
async function changedConfig(
  { config, pattern, isolationDir }: Project,
  target: string,
  needsBuild: boolean,
): Promise<(FileChange & { readonly text: string }) | null> {
  const before = await readFile(config, "utf8")
  const written = await parseFile(config, [])
  const isToml = config.endsWith(".toml")
  const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const did: string[] = []
  let text = before
  if (pattern !== "isolation" || isolationDir === null) {
    const dir = relative(dirname(config), target).split(sep).join("/")
    const value = { use: "isolation", options: { dir } }
    text = isToml
      ? setInToml(text, "app.security", "pattern", `{ use = "isolation", options = { dir = ${JSON.stringify(dir)} } }`)
      : setInJson(text, ["app", "security", "pattern"], value)
    did.push(`app.security.pattern is isolation, built into ${dir}`)
  }
  for (const name of needsBuild ? ["beforeDevCommand", "beforeBuildCommand"] : []) {
    const key = at(written, "build", kebab(name)) !== undefined || isToml ? kebab(name) : name
    const present = at(written, "build", key)
    const script = isRecord(present) ? own(present, "script") : (present ?? "")
    if (typeof script !== "string") throw new CommandError(`${config}: build.${key}: expected the command as a text`)
    if (script.includes("sallyport build")) continue
    const value = script === "" ? BUILD : `${BUILD} && ${script}`
    if (isRecord(present) && isToml)
      throw new CommandError(
        `${config}: build.${key}: write its script as ${JSON.stringify(value)}, then run this again`,
      )
    text = isToml
      ? setInToml(text, "build", key, JSON.stringify(value))
      : setInJson(text, ["build", key, ...(isRecord(present) ? ["script"] : [])], value)
    did.push(`build.${key} builds it`)
  }
  if (text === before) return null
  requireReadable(text, config)
  return { file: config, change: "changed", what: did.join("; "), text }
}

/** A file is never left worse than it was: a text that was changed by place is read again before it is written. */
function requireReadable(text: string, config: string): void {
  const problems: ConfigProblem[] = []
  const settings = parseText(text, config, problems)
  const pattern = at(settings, "app", "security", "pattern")
  if (problems.length === 0 && isRecord(pattern) && own(pattern, "use") === "isolation") return
  throw new CommandError(
    `${config}: could not be changed without breaking it. Set app.security.pattern to { "use": "isolation", "options": ` +
      `{ "dir": "../dist-isolation" } } by hand, and begin build.beforeBuildCommand with "${BUILD}"`,
  )
}
