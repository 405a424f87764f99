/** Measures calls in real browsers: `npm run bench -- --help`. */
import { BROWSERS, type BrowserName, browserName } from "../e2e/drivers/driver.ts"
import { windows } from "../soak/phases/windows.ts"
import { defineCommand } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import { FULL, QUICK } from "./effort.ts"
import { describeMachine } from "./machine.ts"
import { measureBrowser } from "./measure-browser.ts"
import { measureCheck } from "./measure-check.ts"
import type { BrowserResult, Results } from "./results.ts"
import { browserTable, shown } from "./table.ts"

const BENCH = defineCommand({
  name: "",
  summary: "Measures isolated and brownfield calls in real browsers, beside each other.",
  examples: [
    ["--quick", "a first impression, in less than a minute"],
    ["", "the figures of docs/benchmarks.md"],
    ["--quick --json", "one JSON object on standard output"],
    ["--browser firefox", "one browser, or several"],
  ],
  flags: {
    browser: {
      type: "string",
      value: "NAME",
      multiple: true,
      choices: BROWSERS,
      help: "chromium, firefox or webkit; may be given several times (default: all three)",
    },
    quick: { type: "boolean", help: "fewer rounds" },
    json: { type: "boolean", help: "one JSON object on standard output" },
  },
  exit: "0 when everything could be measured, 1 when something could not, 2 when nothing could.",
  run: async ({ flags, terminal }) => {
    const effort = flags.quick ? QUICK : FULL
    const say = (line: string): void => terminal.say(line)
    const browsers: { [name in BrowserName]?: BrowserResult } = {}
    const failures: string[] = []
    /** What cannot be measured is said, and the rest goes on. */
    const attempt = async <T>(what: string, measure: () => T | Promise<T>): Promise<T | null> => {
      try {
        return await measure()
      } catch (error) {
        failures.push(`${what}: ${error instanceof Error ? error.message : error}`)
        say(`✗  ${failures.at(-1)}`)
        return null
      }
    }
    for (const name of flags.browser.length === 0 ? BROWSERS : new Set(flags.browser.map(browserName))) {
      const measured = await attempt(name, () => measureBrowser(name, effort, say))
      if (measured === null) continue
      browsers[name] = measured.result
      failures.push(...measured.failures)
    }
    say("── the Core and the command line")
    const idle = await attempt("memory", () => windows.run(flags.quick, () => {}))
    const check = await attempt("sallyport check", () => measureCheck())
    const results: Results = {
      machine: describeMachine(),
      browsers,
      peers: {},
      core: { heap_per_session_bytes: (idle?.idle_session_bytes as number | undefined) ?? null },
      command_line: { check_20_files_ms: check },
      failures,
    }
    if (flags.json) terminal.print(JSON.stringify(results))
    else {
      for (const [name, result] of Object.entries(browsers))
        for (const line of browserTable(name, result)) terminal.print(line)
      terminal.print("")
      terminal.print(`heap of the Core for an idle session: ${shown(results.core.heap_per_session_bytes)} bytes`)
      terminal.print(`sallyport check, 20 files: ${shown(check)} ms`)
    }
    if (failures.length === 0) return 0
    return Object.keys(browsers).length === 0 ? 2 : 1
  },
})

await runTool(BENCH, "npm run bench --")
