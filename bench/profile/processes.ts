import { readdirSync, readFileSync } from "node:fs"

/** A thread and what it has taken of processors, in ticks of 10 ms. */
export interface Thread {
  readonly name: string
  readonly ticks: number
}

/** A process of this one's descent. */
export interface Process {
  readonly pid: number
  /** What it is, as far as its command line tells. */
  readonly name: string
  readonly threads: ReadonlyMap<string, Thread>
}

/** Linux's unit here: `getconf CLK_TCK` is 100 on every platform that there is. */
export const TICK_US = 10_000

/** What each process has taken that this one or its descendants have started. Throws where the system is not Linux. */
export function descendants(root: number = process.pid): Map<number, Process> {
  if (process.platform !== "linux") throw new Error("what processes take is read from /proc, which only Linux has")
  const children = new Map<number, number[]>()
  for (const entry of readdirSync("/proc")) {
    const stat = /^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : null
    if (stat === null) continue
    const { parent } = parseStat(stat)
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const found = new Map<number, Process>()
  const visit = (pid: number): void => {
    found.set(pid, readProcess(pid))
    for (const child of children.get(pid) ?? []) visit(child)
  }
  visit(root)
  return found
}

function readProcess(pid: number): Process {
  const threads = new Map<string, Thread>()
  for (const thread of list(`/proc/${pid}/task`)) {
    const stat = read(`/proc/${pid}/task/${thread}/stat`)
    if (stat === null) continue
    const { name, ticks } = parseStat(stat)
    threads.set(thread, { name, ticks })
  }
  const command = read(`/proc/${pid}/cmdline`) ?? ""
  return { pid, name: nameOf(command.split("\0"), threads.get(String(pid))?.name ?? ""), threads }
}

/** The fields of a `stat` that matter here (proc(5)). A name may hold blanks and brackets. */
export function parseStat(stat: string): { readonly name: string; readonly parent: number; readonly ticks: number } {
  const end = stat.lastIndexOf(")")
  const fields = stat.slice(end + 2).split(" ")
  return {
    name: stat.slice(stat.indexOf("(") + 1, end),
    parent: Number(fields[1]),
    ticks: Number(fields[11]) + Number(fields[12]),
  }
}

/** Chromium says by arguments what a process of its is; Firefox and WebKit say it by the process's name. */
export function nameOf(command: readonly string[], name: string): string {
  // Chromium writes its arguments into one.
  const text = command.join(" ")
  const type = /--type=(\S+)/.exec(text)?.[1]
  const service = /--utility-sub-type=(\S+)/.exec(text)?.[1]
  return service?.split(".").at(-1) ?? type ?? name
}

/** Ticks that each thread has taken from one look to the next, by process. */
export function taken(before: ReadonlyMap<number, Process>, after: ReadonlyMap<number, Process>): Process[] {
  return [...after.values()].map((process) => {
    const earlier = before.get(process.pid)?.threads
    const threads = [...process.threads].map(
      ([id, { name, ticks }]) => [id, { name, ticks: ticks - (earlier?.get(id)?.ticks ?? 0) }] as const,
    )
    return { ...process, threads: new Map(threads) }
  })
}

export function ticksOf({ threads }: Process): number {
  return [...threads.values()].reduce((sum, { ticks }) => sum + ticks, 0)
}

/** What all processors have done since the machine was started, or others of the same host kept them from, in ticks. */
export function machineTicks(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, stolen = 0] =
    /^cpu +(.*)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]?.split(" ").map(Number) ?? []
  return user + nice + system + irq + softIrq + stolen
}

/** `null` for what has ended meanwhile. */
function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8")
  } catch {
    return null
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
