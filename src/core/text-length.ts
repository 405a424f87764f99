/**
 * How many characters of JSON a value takes, at least: numbers count as one, texts as if nothing in them were escaped. What
 * a page counts for its own calls, in full, is never less.
 */
export function textLength(value: unknown): number {
  if (typeof value === "string") return value.length + 2
  if (typeof value === "boolean") return value ? 4 : 5
  if (typeof value !== "object") return 1
  if (value === null) return 4
  // Brackets, and a comma behind all but the last.
  let length = 1
  if (Array.isArray(value)) {
    for (const item of value) length += textLength(item) + 1
    return Math.max(2, length)
  }
  for (const key of Object.keys(value)) length += key.length + 4 + textLength((value as Record<string, unknown>)[key])
  return Math.max(2, length)
}
