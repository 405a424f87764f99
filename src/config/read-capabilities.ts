import { dirname, join } from "node:path"
import type { MemoryFiles } from "../files/memory-files.ts"
import type { ConfigProblem } from "./config-error.ts"
import { listFiles } from "./list-files.ts"
import { parseFile } from "./parse-file.ts"
import { Place } from "./place.ts"
import { type CapabilityConfig, readCapability } from "./read-capability.ts"
import { isRecord } from "./records.ts"

/**
 * Reads the app's capabilities: those that `app.security.capabilities` lists, by identifier or as they are; where it lists
 * none, every one under `capabilities/` beside the configuration file.
 *
 * @param carried where the folder is, when not on the disk
 * @returns `null` for an app that has none at all; an empty list is one that grants nothing
 */
export async function readCapabilities(
  place: Place,
  file: string,
  problems: ConfigProblem[],
  carried: MemoryFiles | null = null,
): Promise<readonly CapabilityConfig[] | null> {
  const listed = place.list("a list of capabilities")
  const files = await listFiles(join(dirname(file), "capabilities"), ["json", "json5", "toml"], problems, carried)
  const fromFiles = new Map<string, CapabilityConfig>()
  for (const path of files ?? []) {
    const content = await parseFile(path, problems, carried)
    if (content === undefined) continue
    for (const item of itemsOf(new Place(content, [], { problems, fileOf: () => path })))
      add(fromFiles, readCapability(item), item)
  }
  if (listed.length === 0) return files === null || files.length === 0 ? null : [...fromFiles.values()]
  const chosen = new Map<string, CapabilityConfig>()
  for (const item of listed) {
    if (typeof item.value !== "string") add(chosen, readCapability(item), item)
    else if (fromFiles.has(item.value)) add(chosen, fromFiles.get(item.value) ?? null, item)
    else item.refuse('a capability, or the identifier of one in "capabilities/"', fromFiles.keys())
  }
  return [...chosen.values()]
}

/** A file holds one capability, a list of them, or a list under `capabilities`. */
function itemsOf(content: Place): readonly Place[] {
  if (Array.isArray(content.value)) return content.list()
  const named = isRecord(content.value) ? content.entries().find(([key]) => key === "capabilities") : undefined
  return named === undefined ? [content] : named[1].list("a list of capabilities")
}

function add(known: Map<string, CapabilityConfig>, capability: CapabilityConfig | null, place: Place): void {
  if (capability === null) return
  const first = known.get(capability.identifier)
  if (first === undefined) known.set(capability.identifier, capability)
  else
    place.report(
      "IDENTIFIER_TWICE",
      `has the identifier ${JSON.stringify(capability.identifier)} of ${first.origin.path} in ${first.origin.file}: ` +
        "give it one of its own",
    )
}
