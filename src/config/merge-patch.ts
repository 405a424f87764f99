import { isRecord, own } from "./records.ts"

/**
 * JSON Merge Patch (RFC 7396, section 2), as Tauri applies `tauri.<platform>.conf.json`: objects merge, `null` deletes,
 * everything else (arrays, too) replaces. Neither argument is changed.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const merged = new Map(Object.entries(isRecord(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(isRecord(target) ? own(target, key) : undefined, value))
  }
  // `fromEntries` defines own properties: `__proto__` stays an ordinary key.
  return Object.fromEntries(merged)
}
