/** Builds, and is killed right before its nth change to the disk: `node build.fixture.ts SOURCE DIR N`. */
import fs from "node:fs/promises"
import { syncBuiltinESMExports } from "node:module"

const [source = "", dir = "", nth] = process.argv.slice(2)
let changes = 0

function countdown(): void {
  changes += 1
  if (changes !== Number(nth)) return
  process.kill(process.pid, "SIGKILL")
  for (;;); // Not a step further, should the signal take its time.
}

function counted<A extends readonly unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    countdown()
    return work(...args)
  }
}

const { mkdir, rename, unlink, rmdir, open } = fs
Object.assign(fs, {
  mkdir: counted(mkdir),
  rename: counted(rename),
  unlink: counted(unlink),
  rmdir: counted(rmdir),
  open: async (...args: Parameters<typeof open>) => {
    const file = await open(...args)
    if (args[1] !== "wx") return file
    // Between the file's creation and its text, and between its text and what follows.
    countdown()
    file.sync = counted(file.sync.bind(file))
    return file
  },
})
syncBuiltinESMExports()
const { buildIsolationApp } = await import("./build.ts")
await buildIsolationApp({ source, dir })
