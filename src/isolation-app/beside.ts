import { randomBytes } from "node:crypto"
import { readdir } from "node:fs/promises"
import { basename, dirname, join } from "node:path"

/** A new name beside a folder, for what is to take its place, or what was moved away for it. It says which process it is of. */
export function beside(dir: string, state: "new" | "old"): string {
  return join(dirname(dir), `.${basename(dir)}.sallyport-${process.pid}-${randomBytes(4).toString("hex")}.${state}`)
}

/** What builds that were killed have left beside a folder, absolute, in order. */
export async function abandoned(dir: string): Promise<readonly string[]> {
  const names = await readdir(dirname(dir)).catch((): string[] => [])
  return names
    .filter((name) => {
      const id = builderOf(dir, name)
      return id !== null && !isRunning(id)
    })
    .sort()
    .map((name) => join(dirname(dir), name))
}

/** The process that made a folder beside `dir`, told by its name, or `null`: no build made it. */
function builderOf(dir: string, name: string): number | null {
  const start = `.${basename(dir)}.sallyport-`
  if (!name.startsWith(start)) return null
  const id = /^(\d+)-[0-9a-f]{8}\.(new|old)$/.exec(name.slice(start.length))?.[1]
  return id === undefined ? null : Number(id)
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
