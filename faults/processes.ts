import { readdirSync, readFileSync } from "node:fs"
import { waitFor } from "../e2e/drivers/wait-for.ts"

/** A process of this machine (proc(5)). */
export interface Descent {
  readonly pid: number
  readonly parent: number
  readonly commandLine: string
  /** Time on a processor so far, in clock ticks: hundredths of a second. */
  readonly ticks: number
}

/** Every process that runs: one that has ended and waits for its parent does not. */
function all(): Descent[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => read(Number(name)))
}

function read(pid: number): Descent[] {
  try {
    // The name in brackets may hold anything: what is behind the last bracket counts.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1")
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    if (state === "Z" || state === "X") return []
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
    return [{ pid, parent: Number(parent), commandLine, ticks: Number(rest[9]) + Number(rest[10]) }]
  } catch {
    // It has ended meanwhile, or is another user's.
    return []
  }
}

/** Processes with an entry in their environment, which children inherit whatever becomes of their parents. */
export function startedWith(entry: string): readonly Descent[] {
  return all().filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(entry)
    } catch {
      return false
    }
  })
}

/** What a process has started, and what that has started. */
export function descendants(root: number): readonly Descent[] {
  const processes = all()
  const found = new Set([root])
  // Parents may have higher numbers than their children.
  for (let size = 0; size < found.size; ) {
    size = found.size
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid)
  }
  return processes.filter(({ pid }) => pid !== root && found.has(pid))
}

/** Sends a signal to each; one that has ended meanwhile does not matter. */
export function signalAll(processes: readonly Descent[], name: NodeJS.Signals): void {
  for (const { pid } of processes)
    try {
      process.kill(pid, name)
    } catch {}
}

export async function endAll(processes: readonly Descent[]): Promise<void> {
  signalAll(processes, "SIGKILL")
  const pids = new Set(processes.map(({ pid }) => pid))
  await waitFor("killed processes are gone", async () => !all().some(({ pid }) => pids.has(pid)))
}

/** The process of `root`'s descendants that has worked most while `work` ran. */
export async function busiest(root: number, work: () => Promise<unknown>): Promise<Descent> {
  const before = new Map(descendants(root).map(({ pid, ticks }) => [pid, ticks]))
  await work()
  const [first] = descendants(root).toSorted(
    (a, b) => b.ticks - (before.get(b.pid) ?? 0) - (a.ticks - (before.get(a.pid) ?? 0)),
  )
  if (first === undefined) throw new Error("no process was at work")
  return first
}
