import { dirname, resolve } from "node:path"
import { type Config, readConfig } from "../../config/config.ts"
import { readIsolationApp } from "../../isolation-app/isolation-app.ts"
import { resolveLimits } from "../../protocol/limits.ts"
import type { ExitStatus } from "../command-line.ts"
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
  /** Absolute path of the isolation app. */
  readonly dir: string
  readonly config: Config | null
  readonly files: readonly string[]
}

export async function runTests(options: TestOptions): Promise<ExitStatus> {
  const subject = await findSubject(options)
  if (!options.watch) return runOnce(subject, options)
  const folders = new Set([subject.dir, ...subject.files.map((file) => dirname(file))])
  return watchAndRun([...folders], () => runOnce(subject, options), options.terminal)
}

async function findSubject({ config: path, dir, files, cwd }: TestOptions): Promise<Subject> {
  const given = files.map((file) => resolve(cwd, file))
  if (dir !== undefined && path === undefined && given.length > 0)
    return { dir: resolve(cwd, dir), config: null, files: given }
  const config = await readConfig(path, cwd, { withoutFrontend: true })
  const { pattern } = config
  const isolation = dir !== undefined ? resolve(cwd, dir) : pattern.use === "isolation" ? pattern.dir : null
  if (isolation === null)
    throw new CommandError(
      `${config.file}: app.security.pattern.use is "brownfield", so there is no hook to test: sallyport init adds one, ` +
        "or name the isolation app with --dir",
    )
  return { dir: isolation, config, files: given.length > 0 ? given : await findTestFiles(config.file, isolation, cwd) }
}

async function runOnce({ dir, config, files }: Subject, options: TestOptions): Promise<ExitStatus> {
  const { terminal, cwd } = options
  const started = performance.now()
  const isolationApp = await readIsolationApp(dir)
  const testFiles = await Promise.all(files.map(readTestFile))
  const log = (line: string): void => terminal.say(`  console.${line}`)
  const hookOptions = { isolationApp, limits: resolveLimits(config?.limits), log }
  const inNode = options.node || options.coverage
  const node = inNode ? new NodeHook({ ...hookOptions, coverage: options.coverage }) : null
  const windows = [...new Set(["main", ...testFiles.flatMap(({ cases }) => cases.map(({ window }) => window))])]
  const commands = testFiles.flatMap(({ cases }) => cases.map(({ call }) => call.cmd))
  const hook = node ?? (await BrowserHook.start({ ...hookOptions, browser: options.browser, windows, commands }))
  try {
    const results = await runCases(testFiles, options.only, hook)
    if (results.length === 0) throw new CommandError(`no case has "${options.only ?? ""}" in its name`)
    const fuzzed = []
    for (const file of options.fuzz ? testFiles : []) fuzzed.push(await fuzz(file, hook))
    const counted = options.coverage && node !== null ? await node.takeCoverage() : null
    const report: TestReport = {
      results,
      fuzzed: options.fuzz ? fuzzed : null,
      coverage: counted === null ? null : coverageOf(hookScripts(isolationApp), counted),
      seconds: (performance.now() - started) / 1000,
    }
    if (options.json) terminal.print(JSON.stringify(jsonReport(report)))
    else printReport(report, cwd, terminal)
    return hasFindings(report) ? 1 : 0
  } finally {
    await hook.close()
  }
}
