import { dirname, resolve } from "node:path"
import { type Limits, resolveLimits } from "../../boundary/wire/limits.ts"
import { readConfig } from "../../config/config.ts"
import { TYPESCRIPT } from "../../isolation-app/to-script.ts"
import { sourcesIn } from "../build/find-source.ts"
import type { ExitStatus } from "../command-line.ts"
import { findProject } from "../project/find-project.ts"
import { CommandError } from "../run-command.ts"
import type { Terminal } from "../terminal.ts"
import { BrowserHook } from "./browser-hook.ts"
import { coverageOf } from "./coverage.ts"
import { findTestFiles } from "./find-test-files.ts"
import { fuzz } from "./fuzz.ts"
import { hookScripts } from "./hook-scripts.ts"
import { NodeHook } from "./node-hook.ts"
import { hasFindings, jsonReport, printReport, type TestReport } from "./report.ts"
import { runCases } from "./run-cases.ts"
import { readTestFile } from "./test-file.ts"
import { watchAndRun } from "./watch.ts"

export interface TestOptions {
  readonly config: string | undefined
  readonly dir: string | undefined
  readonly node: boolean
  readonly browser: string
  readonly fuzz: boolean
  readonly coverage: boolean
  readonly only: string | undefined
  readonly watch: boolean
  readonly json: boolean
  /** Test files; when there is none, the project's are looked for. */
  readonly files: readonly string[]
  readonly cwd: string
  readonly terminal: Terminal
}

/** What there is to test. */
interface Subject {
  /** Absolute path of the isolation app, or of its source. */
  readonly dir: string
  readonly limits: Limits
  /** Absolute paths of the test files. */
  readonly files: readonly string[]
}

export async function runTests(options: TestOptions): Promise<ExitStatus> {
  const subject = await findSubject(options)
  if (!options.watch) return runOnce(subject, options)
  const folders = new Set([subject.dir, ...subject.files.map((file) => dirname(file))])
  return watchAndRun([...folders], () => runOnce(subject, options), options.terminal)
}

async function findSubject({ config, dir, files, cwd }: TestOptions): Promise<Subject> {
  const given = files.map((file) => resolve(cwd, file))
  const project = await findProject(resolve(cwd, config ?? "."))
  const named = dir === undefined ? null : resolve(cwd, dir)
  if (project === null) {
    if (named === null) throw new CommandError("found no tauri.conf.json here, in src-tauri, or in the folders above")
    if (given.length === 0) throw new CommandError("there is no project here: name the test files")
    return { dir: named, limits: resolveLimits(), files: given }
  }
  const isolation = named ?? (await sourcesIn(project))[0] ?? project.isolationDir
  if (isolation === null || (named === null && project.pattern !== "isolation"))
    throw new CommandError(
      `${project.config}: app.security.pattern is not isolation, so there is no hook to test: sallyport init adds one, or ` +
        "name the isolation app with --dir",
    )
  // Tauri has no limits to read; its configuration may hold what Sallyport's Core would refuse.
  const own = project.target === "sallyport" ? await readConfig(project.config, cwd, { withoutFrontend: true }) : null
  return {
    dir: isolation,
    limits: resolveLimits(own?.limits),
    files: given.length > 0 ? given : await findTestFiles(project.config, isolation, cwd),
  }
}

async function runOnce({ dir, limits, files }: Subject, options: TestOptions): Promise<ExitStatus> {
  const { terminal, cwd } = options
  const started = performance.now()
  const scripts = await hookScripts(dir)
  // TypeScript has to be built for a browser; anything else runs as it stands.
  const isSource = scripts.some(({ file }) => TYPESCRIPT.test(file))
  const testFiles = await Promise.all(files.map(readTestFile))
  const hookOptions = { limits, log: (line: string): void => terminal.say(`  console.${line}`) }
  const inNode = options.node || options.coverage
  const node = inNode ? new NodeHook({ ...hookOptions, scripts, coverage: options.coverage }) : null
  const windows = [...new Set(["main", ...testFiles.flatMap(({ cases }) => cases.map(({ window }) => window))])]
  const commands = testFiles.flatMap(({ cases }) => cases.map(({ call }) => call.cmd))
  const hook =
    node ?? (await BrowserHook.start({ ...hookOptions, dir, isSource, browser: options.browser, windows, commands }))
  try {
    const results = await runCases(testFiles, options.only, hook)
    if (results.length === 0) throw new CommandError(`no case has "${options.only ?? ""}" in its name`)
    const fuzzed = []
    for (const file of options.fuzz ? testFiles : []) fuzzed.push(await fuzz(file, hook))
    const counted = options.coverage && node !== null ? await node.takeCoverage() : null
    const report: TestReport = {
      results,
      fuzzed: options.fuzz ? fuzzed : null,
      coverage: counted === null ? null : coverageOf(scripts, counted),
      seconds: (performance.now() - started) / 1000,
    }
    if (options.json) terminal.print(JSON.stringify(jsonReport(report)))
    else printReport(report, cwd, terminal)
    return hasFindings(report) ? 1 : 0
  } finally {
    await hook.close()
  }
}
