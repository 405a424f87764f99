import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { SELECTION_VARIABLE, type Selection } from "./selection.ts"
import type { Check } from "./suites.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** A test that takes longer hangs, and a file that does, in ms. */
const TEST_MS = 3 * 60_000
const FILE_MS = 30 * 60_000

/** What became of a suite, or of a part of one. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  /** Each failure in full. */
  readonly failures: readonly string[]
  /** Why it could not run; `null` when it did. */
  readonly notTested: string | null
}

export const NOTHING: Outcome = { passed: 0, failed: 0, failures: [], notTested: null }

/** Returns the outcome of two parts. */
export function add(one: Outcome, other: Outcome): Outcome {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    failures: [...one.failures, ...other.failures],
    notTested: one.notTested ?? other.notTested,
  }
}

/** Runs a program, which passes when it ends with 0. */
export async function runCheck({ program, args }: Check): Promise<Outcome> {
  const { status, output } = await run(program, args, process.env)
  return status === 0
    ? { ...NOTHING, passed: 1 }
    : { ...NOTHING, failed: 1, failures: [`${[program, ...args].join(" ")}\n${output}`] }
}

/**
 * Runs the tests of a file that a selection includes, in a process of their own. A file that ends badly without having counted a
 * failure counts as one, and so does one that runs no test.
 */
export async function runFile(file: string, selection: Selection): Promise<Outcome> {
  const reporter = fileURLToPath(new URL("test-reporter.ts", import.meta.url))
  const flags = [
    `--import=${new URL("cached-types.mjs", import.meta.url)}`,
    `--test-reporter=${reporter}`,
    `--test-timeout=${TEST_MS}`,
    "--test-force-exit",
    "--disable-warning=ExperimentalWarning",
  ]
  // With NODE_TEST_CONTEXT, which node --test sets, a file reports in the format of that program.
  const environment = { ...process.env, [SELECTION_VARIABLE]: selection, NODE_TEST_CONTEXT: undefined }
  const { status, output } = await run(process.execPath, [...flags, file], environment)
  const lines = output.split("\n")
  const counted = lines.findLast((line) => line.startsWith('{"passed"'))
  const { passed, failed, failures } = JSON.parse(counted ?? '{"passed":0,"failed":0,"failures":[]}') as Outcome
  if (failed > 0 || (status === 0 && passed > 0))
    return { passed, failed, failures: failures.map((failure) => `${file}: ${failure}`), notTested: null }
  const why = status === 0 ? "holds no test that runs" : `ended with ${status}\n${output}`
  return { passed, failed: 1, failures: [`${file}: ${why}`], notTested: null }
}

function run(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: FILE_MS,
      killSignal: "SIGKILL",
    })
    let output = ""
    child.stdout.on("data", (chunk) => {
      output += chunk
    })
    child.stderr.on("data", (chunk) => {
      output += chunk
    })
    child.once("error", (error) => resolve({ status: null, output: error.message }))
    child.once("close", (status) => resolve({ status, output }))
  })
}
