/** The app of window.e2e.ts: opens a real window, prints what it finds there as JSON, closes it. */
import { readdirSync, readFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { command, createApp } from "sallyport"

const found: Promise<object> = new Promise((resolve, reject) => {
  let second: unknown
  let lines: string[]
  const commands = {
    second: command((seen) => {
      second = seen
      lines = commandLines()
      return null
    }),
    report: command(async (page) => {
      resolve({ page, second, commandLines: lines, browsersLeft: await browsersLeft() })
    }),
    failed: command((failure) => reject(new Error(JSON.stringify(failure)))),
  }
  void open(commands)
})

async function open(commands: Parameters<typeof createApp>[0]["commands"]): Promise<void> {
  const app = await createApp({ config: process.argv[2], commands, requireIsolation: true })
  const window = await app.open("main")
  const report = await found
  await window.close()
  await app.closed
  console.log(JSON.stringify(report))
}

/** A browser's own processes notice by themselves that it has ended: they have ten seconds for that. */
async function browsersLeft(): Promise<string[]> {
  for (let tries = 0; ; tries++) {
    const left = commandLines().filter((line) => line.includes("windows/second"))
    if (left.length === 0 || tries === 100) return left
    await setTimeout(100)
  }
}

/** Of every process of this machine: who can read them must not find a launch link there. */
function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
      } catch {
        return ""
      }
    })
    .filter((line) => line.includes("sallyport-window-e2e-"))
}
