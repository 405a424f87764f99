/** The example app: `npm start -- --help`. */
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { InstanceError } from "sallyport"
import { runTour } from "./tour.ts"
import { printTour } from "./tour-report.ts"
import { runInWindow } from "./window.ts"

const HELP = `Notes: a small app behind Sallyport, with a panel that attacks it.

  npm start                            opens it in a window, isolated
  npm start -- --headless              a tour without a display: notes, and every attack in both patterns
  npm start -- --headless --json       the same as one JSON object on standard output

  --config FILE        another tauri.conf.json, to try a guard of your own
  --notes DIR          folder of the notes (default: examples/notes/my-notes)
  --screenshot FILE    with --headless: a PNG of the window at the tour's end
  --help               this text
`

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  if (isAboutFlags(error)) console.error("npm start -- --help lists the flags.")
  // The Notes that already run do not answer: no flag is wrong then.
  process.exitCode = error instanceof InstanceError ? 1 : 2
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      headless: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      config: { type: "string" },
      notes: { type: "string", default: fileURLToPath(new URL("../my-notes", import.meta.url)) },
      screenshot: { type: "string" },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const config = values.config === undefined ? null : resolve(values.config)
  if (!values.headless) {
    if (values.json || values.screenshot !== undefined) throw new Error("--json and --screenshot go with --headless")
    await runInWindow(resolve(values.notes), config)
    return 0
  }
  const screenshot = values.screenshot === undefined ? null : resolve(values.screenshot)
  const result = await runTour({ screenshot, config })
  if (values.json) console.log(JSON.stringify(result))
  else printTour(result)
  return result.ok ? 0 : 1
}

/** Node's own errors of `parseArgs`. */
function isAboutFlags(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_")
}
