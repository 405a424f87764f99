import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs"
import { basename, resolve } from "node:path"
import { bare } from "../boundary/wire/own.ts"

/** Who has a lock, as the lock says. */
export interface Holder {
  readonly pid: number
  /** Tells it from a later process of the same id, also after a restart of the machine; `null` where the system does not say. */
  readonly started: string | null
}

/** Files that this process has locked. */
const own = new Set<string>()

/** How long a lock may be empty, between its making and its writing, before it counts as what a crash has left, in ms. */
const EMPTY_MS = 2000

/**
 * Makes this process the only one that writes a file, by a file `<name>.lock` beside it. What a process that has died left
 * is taken over.
 *
 * @returns what gives it up
 * @throws Error that names the process that writes it, and what to do
 */
export function lockFile(file: string): () => void {
  const lock = `${resolve(file)}.lock`
  if (own.has(lock)) throw new Error(`${file} is already written by this process: give each app a file of its own`)
  const taken = takeLock(lock)
  if (typeof taken === "function") return taken
  throw new Error(
    `${file} is written by process ${taken.pid}: give each app a file of its own; ` +
      `if that process is no app of yours, delete ${basename(lock)}`,
  )
}

/**
 * Takes a lock if it is free. What a process that has died left is taken over.
 *
 * @param lock absolute path of a file that only locks
 * @returns what gives it up, or the process that has it: this one, too
 */
export function takeLock(lock: string): (() => void) | Holder {
  if (own.has(lock)) return { pid: process.pid, started: startOf(process.pid) }
  const text = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder)
  for (;;) {
    if (create(lock, text)) break
    const holder = readHolder(lock)
    if (holder === "gone") continue
    if (holder !== "unknown" && isAlive(holder)) return holder
    takeAway(lock, holder)
  }
  own.add(lock)
  return () => {
    own.delete(lock)
    // Not one that another process has made since this one was deleted.
    if (textOf(lock) === text) rmSync(lock, { force: true })
  }
}

function create(lock: string, text: string): boolean {
  let handle: number
  try {
    handle = openSync(lock, "wx", 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  }
  try {
    writeSync(handle, text)
  } catch (error) {
    rmSync(lock, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
  return true
}

function textOf(lock: string): string | null {
  try {
    return readFileSync(lock, "utf8")
  } catch {
    return null
  }
}

/** `unknown`: it holds what no process writes, and has for a while. */
function readHolder(lock: string): Holder | "unknown" | "gone" {
  const end = performance.now() + EMPTY_MS
  try {
    for (;;) {
      const holder = parse(readFileSync(lock, "utf8"))
      if (holder !== null) return holder
      if (performance.now() > end || Date.now() - statSync(lock).mtimeMs > EMPTY_MS) return "unknown"
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "gone"
    throw error
  }
}

function parse(text: string): Holder | null {
  try {
    const { pid, started } = bare(JSON.parse(text) as Partial<Holder>)
    const isHolder = Number.isSafeInteger(pid) && (started === null || typeof started === "string")
    return isHolder ? { pid: pid ?? 0, started: started ?? null } : null
  } catch {
    return null
  }
}

/**
 * Removes a dead process's lock, and not one that another process has made of it meanwhile: two that start at once both
 * find the old one.
 */
function takeAway(lock: string, dead: Holder | "unknown"): void {
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return
    throw error
  }
  const taken = readHolder(aside)
  const isDead = JSON.stringify(taken) === JSON.stringify(dead)
  if (isDead) rmSync(aside, { force: true })
  else renameSync(aside, lock)
}

function isAlive({ pid, started }: Holder): boolean {
  // Not among this thread's own: where nothing more is known, one that had the same id before has left it.
  if (pid === process.pid && started === null) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false
  }
  const now = startOf(pid)
  return started === null || now === null || started === now
}

/** When a process began, as Linux tells it: which boot (proc_sys_kernel(5)) and which clock tick since (proc_pid_stat(5), field 22). */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1")
    // The second field is the program's name, in parentheses, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return `${boot} ${fields[19]}`
  } catch {
    return null
  }
}
