/** The app of window.e2e.ts: opens real windows, closes them one by one, and prints what it finds there as JSON. */
import { readdirSync, readFileSync } from "node:fs"
import { command, createApp } from "sallyport"

const [, , folder = ""] = process.argv
let came: (size: unknown) => void = () => {}

const found: Promise<object> = new Promise((resolve, reject) => {
  let second: unknown
  let lines: string[]
  const commands = {
    second: command((seen) => {
      second = seen
      lines = processes().map(({ line }) => line)
      return null
    }),
    came: command((size) => came(size)),
    report: command((page) => resolve({ page, second, commandLines: lines })),
    failed: command((failure) => reject(new Error(JSON.stringify(failure)))),
  }
  void open(commands)
})

async function open(commands: Parameters<typeof createApp>[0]["commands"]): Promise<void> {
  const app = await createApp({ config: folder, commands, requireIsolation: true })
  const main = await app.open("main")
  const report = await found
  let isMainOpen = true
  main.closed.then(() => {
    isMainOpen = false
  })
  const otherSizes: unknown[] = []
  const openOther = async (): Promise<Awaited<ReturnType<typeof app.open>>> => {
    const hasCome = new Promise((resolve) => {
      came = resolve
    })
    const other = await app.open("other")
    otherSizes.push(await hasCome)
    return other
  }
  const first = await openOther()
  let isOtherClosed = false
  first.closed.then(() => {
    isOtherClosed = true
  })
  const asked = performance.now()
  await first.close()
  const closedMs = Math.round(performance.now() - asked)
  const afterClosing = { isMainOpen, isOtherClosed, browsers: browsers().length }
  const second = await openOther()
  for (const { pid } of browsers()) process.kill(pid, "SIGKILL")
  await Promise.all([main.closed, second.closed])
  await app.closed
  console.log(JSON.stringify({ ...report, otherSizes, afterClosing, closedMs, afterCrash: "all closed" }))
}

/** Processes that show windows. Those that they start have a type. */
function browsers(): { readonly pid: number; readonly line: string }[] {
  return processes().filter(({ line }) => line.includes("--app=") && !line.includes("--type="))
}

/** Every process of this run of the test: who can read their arguments must not find a launch link there. */
function processes(): { readonly pid: number; readonly line: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return { pid: Number(pid), line: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") }
      } catch {
        return { pid: 0, line: "" }
      }
    })
    .filter(({ line }) => line.includes(folder))
}
