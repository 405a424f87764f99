/**
 * Takes a lock whenever it is told to, and stops before each operation on a file until it may go on: a test decides in which order the
 * operations of several processes happen. Each line on standard output says what comes next: an operation, or what came of the lock.
 */
import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"

const [lock = ""] = process.argv.slice(2)
const { readSync, writeSync } = fs
const byte = Buffer.alloc(1)
let isStepping = false

/** Waits for one byte. */
function next(): void {
  for (;;) {
    try {
      if (readSync(0, byte, 0, 1, null) === 0) process.exit()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error
    }
  }
}

for (const [name, operation] of Object.entries(fs)) {
  if (!name.endsWith("Sync") || typeof operation !== "function") continue
  const stepped = (...args: unknown[]): unknown => {
    const isOfLock = args.some((arg) => typeof arg === "string" && arg.startsWith(lock))
    if (isStepping && isOfLock) {
      writeSync(1, `${name}\n`)
      next()
    }
    return Reflect.apply(operation, fs, args)
  }
  Reflect.set(fs, name, stepped)
}
syncBuiltinESMExports()

const { takeLock } = await import("./file-lock.ts")
for (;;) {
  next()
  isStepping = true
  const taken = takeLock(lock)
  isStepping = false
  writeSync(1, typeof taken === "function" ? "held\n" : "refused\n")
  // The next run starts without it.
  next()
  if (typeof taken === "function") taken()
  writeSync(1, "left\n")
}
