/** Measures calls in real browsers: `npm run bench -- --help`. */
import { cpus } from "node:os"
import { parseArgs } from "node:util"
import { browserName, launch } from "../e2e/drivers/driver.ts"
import { type Figures, FULL, measure, QUICK } from "./measure.ts"
import { measureCheck } from "./measure-check.ts"

const HELP = `Measures isolated and brownfield calls in a real browser, and the command line.

  npm run bench -- --quick          a first impression, in half a minute
  npm run bench                     the figures of docs/benchmarks.md
  npm run bench -- --quick --json   one JSON object on standard output

  --browser NAME   chromium (default), firefox or webkit; may be given several times
  --quick          fewer runs
  --json           JSON instead of a table
  --help           this text
`

const TITLES: Readonly<Record<keyof Figures, string>> = {
  burst_per_s: "20,000 calls issued at once, calls/s",
  inflight64_per_s: "64 calls in flight, calls/s",
  serial_p50_us: "one call after the other, p50, µs",
  serial_p99_us: "one call after the other, p99, µs",
  raw_1mib_ms: "a raw argument of 1 MiB, ms",
  first_call_ms: "first reply after navigation, ms",
}

interface Result {
  readonly isolated: Figures
  readonly brownfield: Figures
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      browser: { type: "string", multiple: true, default: ["chromium"] },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const effort = values.quick ? QUICK : FULL
  const browsers: Record<string, Result> = {}
  for (const name of values.browser.map(browserName)) {
    const driver = await launch(name)
    try {
      console.error(`${name} ${driver.version}: isolated`)
      const isolated = await measure(driver, "isolation", effort)
      console.error(`${name} ${driver.version}: brownfield`)
      const brownfield = await measure(driver, "brownfield", effort)
      browsers[name] = { isolated, brownfield }
    } finally {
      await driver.close()
    }
  }
  const commandLine = { check_20_files_ms: measureCheck() }
  if (values.json) console.log(JSON.stringify({ browsers, command_line: commandLine }))
  else {
    for (const [name, result] of Object.entries(browsers)) print(name, result)
    console.log(`\nsallyport check, 20 files: ${number(commandLine.check_20_files_ms)} ms`)
  }
  return 0
}

function print(name: string, { isolated, brownfield }: Result): void {
  console.log(`\n${name}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}\n`)
  console.log(`${"".padEnd(40)}${"isolated".padStart(12)}${"brownfield".padStart(12)}${"ratio".padStart(8)}`)
  for (const [key, title] of Object.entries(TITLES)) {
    const [a, b] = [isolated, brownfield].map((figures) => figures[key as keyof Figures]) as [number, number]
    console.log(
      `${title.padEnd(40)}${number(a).padStart(12)}${number(b).padStart(12)}${(a / b).toFixed(2).padStart(8)}`,
    )
  }
}

function number(value: number): string {
  return value.toLocaleString("en-US")
}
