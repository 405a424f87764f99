import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"

type Replacements = Readonly<Record<string, (original: never, ...args: never[]) => unknown>>

/** Has functions of `node:fs` fail, or do less, for as long as `act` runs: each gets the original first. */
export async function replaced(replacements: Replacements, act: () => Promise<void>): Promise<void> {
  const originals = Object.fromEntries(Object.keys(replacements).map((name) => [name, fs[name as keyof typeof fs]]))
  const changed = Object.entries(replacements).map(([name, replacement]) => [
    name,
    (...args: never[]) => replacement(originals[name] as never, ...args),
  ])
  Object.assign(fs, Object.fromEntries(changed))
  syncBuiltinESMExports()
  try {
    await act()
  } finally {
    Object.assign(fs, originals)
    syncBuiltinESMExports()
  }
}
