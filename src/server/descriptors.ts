import { readdirSync, readFileSync } from "node:fs"

/** What a process may have open, and has, in files and sockets. */
export interface Descriptors {
  readonly limit: number
  readonly open: number
}

/** Of this process (proc(5)); `null` where the system does not say: other systems have no such files. */
export function readDescriptors(): Descriptors | null {
  try {
    const limit = Number(/^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1] ?? Number.NaN)
    return Number.isNaN(limit) ? null : { limit, open: readdirSync("/proc/self/fd").length }
  } catch {
    return null
  }
}

/** Kept for files, at most: those of the frontend, and what commands open. */
const RESERVE = 64

/**
 * How many connections there is room for. Not as many as the system lets in: without a descriptor to spare Node closes a
 * connection that it takes, and tells nobody.
 */
export function roomForConnections({ limit, open }: Descriptors): number {
  const free = Math.max(0, limit - open)
  return free - Math.min(RESERVE, Math.ceil(free / 4))
}
