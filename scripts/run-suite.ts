import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

/** A test that takes longer hangs, and a file that does, in ms. */
const TEST_MS = 3 * 60_000
const FILE_MS = 30 * 60_000

/** What became of a suite. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  /** Each failure in full. */
  readonly failures: readonly string[]
  /** Why it could not run; `null` when it did. */
  readonly notTested: string | null
}

/** Runs a program once for each list of arguments; each is one check, passed when it ends with 0. */
export async function runCheck(
  name: string,
  program: string,
  ...runs: readonly (readonly string[])[]
): Promise<Outcome> {
  const failures: string[] = []
  for (const args of runs) {
    const { status, output } = await run(program, args)
    if (status !== 0) failures.push(`${name} ${args.join(" ")}\n${output}`)
  }
  return { passed: runs.length - failures.length, failed: failures.length, failures, notTested: null }
}

/**
 * Runs files of tests, each in a process of its own, `parallel` at a time. A file that ends badly without having counted
 * a failure counts as one, and so does one that holds no test.
 */
export async function runTests(files: readonly string[], parallel: number): Promise<Outcome> {
  const outcomes: Outcome[] = []
  const waiting = [...files]
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) outcomes.push(await runFile(file))
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return {
    passed: outcomes.reduce((total, { passed }) => total + passed, 0),
    failed: outcomes.reduce((total, { failed }) => total + failed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    notTested: null,
  }
}

async function runFile(file: string): Promise<Outcome> {
  const reporter = fileURLToPath(new URL("test-reporter.ts", import.meta.url))
  const flags = [
    `--test-reporter=${reporter}`,
    `--test-timeout=${TEST_MS}`,
    "--test-force-exit",
    "--disable-warning=ExperimentalWarning",
  ]
  const { status, output } = await run(process.execPath, [...flags, file])
  const lines = output.split("\n")
  const counted = lines.findLast((line) => line.startsWith('{"passed"'))
  const { passed, failed, failures } = JSON.parse(counted ?? '{"passed":0,"failed":0,"failures":[]}') as Outcome
  if (failed > 0 || (status === 0 && passed > 0))
    return { passed, failed, failures: failures.map((failure) => `${file}: ${failure}`), notTested: null }
  const why = counted === undefined || status !== 0 ? `ended with ${status}\n${output}` : "holds no test"
  return { passed, failed: 1, failures: [`${file}: ${why}`], notTested: null }
}

function run(program: string, args: readonly string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
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
