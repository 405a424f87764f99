import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { basename, resolve } from "node:path"
import { threadId } from "node:worker_threads"
import { bare } from "../boundary/wire/own.ts"

/** Who has a lock, as the lock says. */
export interface Holder {
  readonly pid: number
  /** Tells it from a later process of the same id, also after a restart of the machine; `null` where the system does not say. */
  readonly started: string | null
}

/** Files that this process has locked. */
const own = new Set<string>()

/** How long a lock may hold what no process writes, as while it is copied, before it counts as what a crash has left, in ms. */
const EMPTY_MS = 2000

/** Errors of link(2) where a file system has no hard links. */
const HAS_NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"])

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
  const started = startOf(process.pid)
  if (own.has(lock)) return { pid: process.pid, started }
  const text = JSON.stringify({ pid: process.pid, started } satisfies Holder)
  const holder = acquire(lock, text)
  if (holder !== null) return holder
  own.add(lock)
  return () => {
    own.delete(lock)
    release(lock, text)
  }
}

/** Returns the process that has the lock; `null`: this one, from now on. */
function acquire(lock: string, text: string): Holder | null {
  for (;;) {
    if (create(lock, text)) return null
    const holder = readHolder(lock)
    if (holder === "gone") continue
    if (isInUse(holder)) return holder
    const other = takeOver(lock, text)
    if (other !== "changed") return other
  }
}

/**
 * Puts this process in the place of a dead one. Several that start at once all find the dead one's lock, and a file system has no operation that
 * replaces a file only while it holds a certain text. So the lock has a lock of its own, without which no process replaces it: under that, the
 * dead one's is looked at again. A process that dies here leaves a dead lock's lock, which is taken over in the same way.
 */
function takeOver(lock: string, text: string): Holder | null | "changed" {
  const guard = `${lock}.lock`
  const other = acquire(guard, text)
  // It is about to have the lock.
  if (other !== null) return other
  try {
    const holder = readHolder(lock)
    if (holder === "gone" || isInUse(holder)) return "changed"
    withText(lock, text, (written) => renameSync(written, lock))
    return null
  } finally {
    release(guard, text)
  }
}

/** Removes a lock, but not one that another process has made since this one's was deleted. */
function release(lock: string, text: string): void {
  if (textOf(lock) === text) rmSync(lock, { force: true })
}

/** Makes the lock in one step, with its text: another process must not take an empty one for what a crash has left. */
function create(lock: string, text: string): boolean {
  try {
    withText(lock, text, (written) => link(written, lock))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  }
}

/** Writes the text into a file beside the lock, for `use` to put in its place. */
function withText(lock: string, text: string, use: (written: string) => void): void {
  const beside = `${lock}.${process.pid}.${threadId}`
  rmSync(beside, { force: true })
  try {
    writeFileSync(beside, text, bare({ flag: "wx", mode: 0o600, flush: false }))
    use(beside)
  } finally {
    rmSync(beside, { force: true })
  }
}

/** Where a file system has no hard links, the lock is a copy. */
function link(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!HAS_NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error
    copyFileSync(from, to, constants.COPYFILE_EXCL)
  }
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

/** Whether a lock is a living process's. */
function isInUse(holder: Holder | "unknown"): holder is Holder {
  return holder !== "unknown" && isAlive(holder)
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
