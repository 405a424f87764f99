import assert from "node:assert/strict"
import { existsSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Pollution } from "./pollution.ts"
import { Client } from "./prototypes-client.ts"
import { makeApp } from "./prototypes-files.ts"
import { mayStopServer } from "./prototypes-names.ts"
import { AppProcess } from "./prototypes-process.ts"

/** Steps of an app's life. Pollution begins before one of them, and ends after another. */
export const APP_STEPS = ["start", "open", "launch", "pages", "hello", "frame", "calls", "event", "close"] as const

/** What a client saw of an app, and what the app decided. What differs from run to run is replaced by words. */
export interface AppOutcome {
  /** Commands that ran, each with its window. */
  readonly commands: readonly string[]
  /** Every answer, with its headers and its body. */
  readonly seen: readonly string[]
  readonly decided: readonly string[]
  /** Why app or client stopped before the end; `null`: neither did. */
  readonly stopped: string | null
}

/** An app that does not go on for so long is ended, in ms: the second where it may stop. */
const SILENT_MS = 60_000
const SILENT_IF_STOPPED_MS = 3000

interface Stage {
  readonly folder: string
  app: AppProcess | null
}

let stage: Promise<Stage> | undefined

async function makeStage(): Promise<Stage> {
  const folder = await makeApp()
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  return { folder, app: null }
}

/** Starts a real app, uses it as its windows do, and closes it. Its process is polluted in these steps. */
async function appScene(
  pollution: Pollution | null,
  polluted: readonly string[],
  silentMs: number,
): Promise<AppOutcome> {
  stage ??= makeStage()
  const here = await stage
  for (const left of ["data", "state", "audit.jsonl", "audit.jsonl.lock"])
    rmSync(join(here.folder, left), { recursive: true, force: true })
  if (here.app === null || here.app.hasEnded) {
    here.app = new AppProcess(here.folder)
    await here.app.hear("ready")
  }
  const { app, folder } = here
  app.wake()
  app.begin({ pollution, polluted })
  const client = new Client(app, folder)
  let timer: ReturnType<typeof setTimeout> | undefined
  const silent = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, silentMs, "the app does not go on")
  })
  let hasEnded = false
  let decisions: readonly unknown[] = []
  const live = async (): Promise<string | null> => {
    let failed: string | null = null
    for (const step of APP_STEPS) {
      const answer = await app.say(step, "done")
      // An app that has not started, or not opened a window, has nothing to be asked for.
      if (answer !== step) failed = answer
      if (failed !== null) break
      await client.steps[step]?.()
    }
    decisions = JSON.parse(await app.say("end", "decided"))
    hasEnded = true
    return failed
  }
  const lived = live().catch(({ message }: Error) => message)
  const stopped = await Promise.race([lived, silent])
  clearTimeout(timer)
  client.end()
  if (!hasEnded) await app.stop()
  await lived
  app.rest()
  const plain = (lines: readonly string[]): readonly string[] => lines.map((line) => client.plain(line))
  return {
    commands: [...app.ran],
    seen: plain(client.seen),
    // Answers of the file system come in any order.
    decided: plain([...decisions.map((decision) => JSON.stringify(decision)), ...auditOf(folder)]).toSorted(),
    stopped,
  }
}

/** The audit log's entries, without what differs from run to run. */
function auditOf(folder: string): readonly string[] {
  const file = join(folder, "audit.jsonl")
  if (!existsSync(file)) return []
  return readFileSync(file, "utf8")
    .split("\n")
    .map(
      (line) =>
        `audit ${line.replace(/"entry":\d+,"previous":[^,]*,"time":"[^"]*",/, "").replace(/(?<="pid":)\d+/, "PID")}`,
    )
}

const REFUSAL = /^(?:[45]\d\d |socket (?:refused|closed) |\w+ is answered \[\d+,0,|HTTP\/1\.1 [45]|$)/

let before: Promise<AppOutcome> | undefined

/** Polluted from one step on until another, the app must serve, decide and run what it does without pollution. */
export async function servedAsBefore(pollution: Pollution, from = 0, until: number = APP_STEPS.length): Promise<void> {
  before ??= appScene(null, [], SILENT_MS)
  const wanted = await before
  assert.equal(wanted.stopped, null)
  const mayStop = pollution.isAccessor || pollution.names.some(mayStopServer)
  const steps = APP_STEPS.slice(from, until)
  const { stopped, commands, seen, decided } = await appScene(
    pollution,
    steps,
    mayStop ? SILENT_IF_STOPPED_MS : SILENT_MS,
  )
  for (const call of commands) assert.ok(wanted.commands.includes(call), `a call appears: ${call}`)
  if (mayStop) {
    for (const answer of seen)
      assert.ok(REFUSAL.test(answer) || wanted.seen.includes(answer), `an answer appears: ${answer}`)
    return
  }
  assert.equal(stopped, null)
  assert.deepEqual(seen, wanted.seen, "other answers")
  assert.deepEqual(decided, wanted.decided, "another decision")
  assert.deepEqual(commands, wanted.commands, "other calls run")
}
