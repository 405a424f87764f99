import { isDeepStrictEqual } from "node:util"
import { FUZZ_CLASSES, type FuzzClass } from "./fuzz-classes.ts"
import type { HookUnderTest, TestCall } from "./hook-under-test.ts"
import { type HostileCall, hostileCalls } from "./hostile-calls.ts"
import type { TestFile } from "./test-file.ts"

/** What a hook made of one class of hostile arguments for one command. */
export interface FuzzCell {
  readonly class: FuzzClass
  readonly tried: number
  /** Those that passed as they were, and nobody said that they may. */
  readonly passed: readonly HostileCall[]
  /** How many passed as the author has said that they may. */
  readonly accepted: number
  /** Those that passed with other arguments: the hook has changed them, to the better or not. */
  readonly changed: number
}

export interface FuzzRow {
  readonly command: string
  readonly cells: readonly FuzzCell[]
}

export interface FuzzReport {
  readonly rows: readonly FuzzRow[]
  /** Commands that no case names and that passed all the same: a hook must refuse what it does not know. */
  readonly unknownPassed: readonly string[]
  /** Commands without a case that passes: there is nothing to begin with. */
  readonly withoutGoodCall: readonly string[]
}

/** Names that no app has: one that passes shows a path that lets every command through. */
const UNKNOWN_COMMANDS = ["sallyport_no_such_command", "__proto__", "constructor", "plugin:shell|execute", ""]

/**
 * Tries hostile arguments with every command of the cases. What a good call of a command looks like is taken from the first
 * of its cases that passes.
 */
export async function fuzz({ cases, accepted }: TestFile, hook: HookUnderTest): Promise<FuzzReport> {
  const commands = [...new Set(cases.map(({ call }) => call.cmd))]
  const rows: FuzzRow[] = []
  const withoutGoodCall: string[] = []
  for (const command of commands) {
    const good = cases.find(({ call, expect }) => call.cmd === command && passes(expect))
    if (good === undefined) {
      withoutGoodCall.push(command)
      continue
    }
    const isAccepted = ({ class: name, place }: HostileCall): boolean =>
      [command, `${command}.${place}`].some((key) => accepted.get(key)?.some((one) => one === name || one === "any"))
    rows.push({ command, cells: await tryAll(hostileCalls(good.call), hook, good.window, isAccepted) })
  }
  const unknownPassed: string[] = []
  for (const cmd of UNKNOWN_COMMANDS.filter((name) => !commands.includes(name))) {
    const answer = await hook.ask({ cmd, payload: {}, headers: null }, "main")
    if (answer.passed) unknownPassed.push(cmd)
  }
  return { rows, unknownPassed, withoutGoodCall }
}

const passes = (expect: TestFile["cases"][number]["expect"]): boolean =>
  expect === "pass" || (typeof expect === "object" && "payload" in expect)

async function tryAll(
  hostile: readonly HostileCall[],
  hook: HookUnderTest,
  window: string,
  isAccepted: (call: HostileCall) => boolean,
): Promise<FuzzCell[]> {
  const cells = FUZZ_CLASSES.map((name) => ({
    class: name,
    tried: 0,
    passed: [] as HostileCall[],
    accepted: 0,
    changed: 0,
  }))
  for (const attempt of hostile) {
    const cell = cells.find((one) => one.class === attempt.class)
    if (cell === undefined) continue
    cell.tried++
    const answer = await hook.ask(attempt.call, window)
    if (!answer.passed) continue
    if (!isSame(answer.payload, attempt.call)) cell.changed++
    else if (isAccepted(attempt)) cell.accepted++
    else cell.passed.push(attempt)
  }
  return cells
}

function isSame(payload: unknown, { payload: sent }: TestCall): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(payload)), JSON.parse(JSON.stringify(sent)))
}

/** What the author should look at: passed, and nobody said that it may. */
export function findings({ rows, unknownPassed }: FuzzReport): number {
  const cells = rows.flatMap(({ cells }) => cells).filter(({ passed }) => passed.length > 0)
  return cells.length + unknownPassed.length
}
