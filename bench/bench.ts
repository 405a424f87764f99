/** Measures calls in real browsers: `npm run bench -- --help`. */
import { fileURLToPath } from "node:url"
import { BROWSERS, type BrowserName, browserName } from "../e2e/drivers/driver.ts"
import { defineCommand, UsageError } from "../src/cli/command-line.ts"
import { runTool } from "../src/cli/run-command.ts"
import { writeDocument } from "./document.ts"
import { effortTold, FULL, QUICK } from "./effort.ts"
import { describeMachine } from "./machine.ts"
import { measureBrowser } from "./measure-browser.ts"
import { measureCheck } from "./measure-check.ts"
import { measureIdle } from "./measure-idle.ts"
import { measureTest } from "./measure-test.ts"
import { MODE_FLAGS, runMode } from "./modes.ts"
import { openBrowser } from "./open-browser.ts"
import { PEERS } from "./peers/index.ts"
import { startPeers } from "./peers/start.ts"
import { reason } from "./reason.ts"
import type { BrowserResult, PeerResult, Results } from "./results.ts"
import { textReport } from "./table.ts"

const DOCS = fileURLToPath(new URL("../docs", import.meta.url))

const BENCH = defineCommand({
  name: "",
  summary: "Measures isolated and brownfield calls in real browsers, and what else carries calls beside them.",
  description: PEERS.map(({ title, setUp }) => `${title}: ${setUp}.`).join("\n\n"),
  examples: [
    ["--quick", "a first impression, in less than a minute"],
    ["", "the figures of docs/benchmarks.md"],
    ["--quick --json", "one JSON object on standard output"],
    ["--browser firefox", "one browser, or several"],
    ["--profile", "where a call's time goes, and CPU profiles for DevTools"],
    ["--scaling", "calls as batches, arguments, hooks, windows or commands grow, as charts"],
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
    write: {
      type: "boolean",
      help: "also writes docs/benchmarks.md and its charts, when everything could be measured",
    },
    ...MODE_FLAGS,
  },
  exit: "0 when everything could be measured, 1 when something could not, 2 when nothing could.",
  run: async ({ flags, terminal }) => {
    const ofMode = await runMode(flags, terminal)
    if (ofMode !== null) return ofMode
    if (flags.write && (flags.quick || flags.browser.length > 0))
      throw new UsageError("--write: the document shows a whole run, so leave out --quick and --browser")
    const efforts = flags.quick ? QUICK : FULL
    const say = (line: string): void => terminal.say(line)
    const failures: string[] = []
    const fail = (why: string): null => {
      failures.push(why)
      say(`✗  ${why}`)
      return null
    }
    /** What cannot be measured is said, and the rest goes on. */
    const attempt = async <T>(what: string, measure: () => T | Promise<T>): Promise<T | null> => {
      try {
        return await measure()
      } catch (error) {
        return fail(`${what}: ${reason(error)}`)
      }
    }
    const names = flags.browser.length === 0 ? BROWSERS : [...new Set(flags.browser.map(browserName))]
    const browsers: { [name in BrowserName]?: BrowserResult } = {}
    const peers: { [name in BrowserName]?: Readonly<Record<string, PeerResult>> } = {}
    const starting = startPeers(fail)
    let idle: number | null = null
    let closing: Promise<unknown> = Promise.resolve()
    for (const [index, name] of names.entries()) {
      // Nothing is measured while a browser starts, and the one before it ends, but memory: that does not depend on who else works.
      const [opened] = await Promise.all([
        attempt(name, () => openBrowser(name, starting, efforts)),
        index < names.length - 1
          ? null
          : attempt("memory", async () => {
              idle = await measureIdle(efforts.idleSessions)
            }),
        closing,
      ])
      if (opened === null) continue
      const measured = await attempt(name, () => measureBrowser(opened, efforts, say))
      closing = attempt(name, () => opened.close())
      if (measured === null) continue
      browsers[name] = measured.result
      peers[name] = measured.peers
      failures.push(...measured.failures)
    }
    await Promise.all([closing, ...(await starting).map(({ server }) => server.close())])
    say("── the command line")
    const check = await attempt("sallyport check", () => measureCheck(efforts.commandRuns))
    const test = await attempt("sallyport test", () => measureTest(efforts.commandRuns))
    const results: Results = {
      machine: describeMachine(),
      efforts: { own: effortTold(efforts.own), peers: effortTold(efforts.peers) },
      browsers,
      peers,
      core: { heap_per_session_bytes: idle },
      command_line: { check_20_files_ms: check, test_1000_cases_ms: test },
      failures,
    }
    if (flags.json) terminal.print(JSON.stringify(results))
    else for (const line of textReport(results)) terminal.print(line)
    if (flags.write && failures.length === 0) await writeDocument(results, DOCS)
    else if (flags.write) say("✗  docs/benchmarks.md stays as it is: not everything could be measured")
    if (failures.length === 0) return 0
    return Object.keys(browsers).length === 0 ? 2 : 1
  },
})

await runTool(BENCH, "npm run bench --")
