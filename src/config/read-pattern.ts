import { dirname, resolve } from "node:path"
import { PATTERN, PATTERN_OPTIONS } from "./known-keys.ts"
import { oneOf, type Place } from "./place.ts"
import { isRecord } from "./records.ts"

/** Whether calls pass an isolation app, and the absolute path of its folder. */
export type Pattern = { readonly use: "brownfield" } | { readonly use: "isolation"; readonly dir: string }

const USES = ["brownfield", "isolation"]
const BROWNFIELD: Pattern = { use: "brownfield" }

/**
 * Reads `app.security.pattern`. Whether the folder holds an isolation app is for whoever reads that to say.
 *
 * Every way out that returns brownfield without the file asking for it has reported a problem.
 */
export function readPattern(place: Place, file: string): Pattern {
  if (place.value === undefined) return BROWNFIELD
  const pattern = place.section(PATTERN)
  if (!isRecord(place.value)) return BROWNFIELD
  const use = pattern("use")
  if (use.value === "isolation") return readOptions(pattern("options"), file)
  if (use.value !== "brownfield") use.refuse(oneOf(USES), USES)
  return BROWNFIELD
}

function readOptions(options: Place, file: string): Pattern {
  const dir = options.section(PATTERN_OPTIONS)("dir")
  if (typeof dir.value === "string" && dir.value !== "") {
    // A file that was written on Windows means the same folder elsewhere.
    return { use: "isolation", dir: resolve(dirname(file), dir.value.replaceAll("\\", "/")) }
  }
  if (options.value === undefined || isRecord(options.value)) {
    dir.refuse("the folder of the isolation app, relative to this file")
  }
  return BROWNFIELD
}
