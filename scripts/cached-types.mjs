/**
 * Loads the project's TypeScript from a cache of what Node makes of it: `node --import scripts/cached-types.mjs FILE`. A third of
 * the time of a unit test's process is spent on removing types, and most processes load the same files. Plain JavaScript, or Node
 * would start what removes types to read this file.
 */
import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { registerHooks, stripTypeScriptTypes } from "node:module"

const root = new URL("..", import.meta.url).href
const cache = new URL("../node_modules/.cache/types/", import.meta.url)
mkdirSync(cache, { recursive: true })

registerHooks({
  load(url, context, nextLoad) {
    const isOurs = url.startsWith(root) && url.endsWith(".ts") && !url.includes("/node_modules/")
    return isOurs ? { format: "module", source: withoutTypes(url), shortCircuit: true } : nextLoad(url, context)
  },
})

function withoutTypes(url) {
  const text = readFileSync(new URL(url), "utf8")
  const name = createHash("sha256").update(process.version).update(text).digest("hex")
  try {
    return readFileSync(new URL(name, cache), "utf8")
  } catch {
    const source = stripTypeScriptTypes(text)
    // Another process may read it at any moment.
    const unfinished = new URL(`${name}-${process.pid}`, cache)
    writeFileSync(unfinished, source)
    renameSync(unfinished, new URL(name, cache))
    return source
  }
}
