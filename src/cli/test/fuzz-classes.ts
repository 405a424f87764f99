/** Kinds of hostile arguments. */
export const FUZZ_CLASSES = [
  "traversal",
  "encoding",
  "nul",
  "unc",
  "drive",
  "file-url",
  "homoglyph",
  "prototype",
  "huge",
  "type",
] as const

export type FuzzClass = (typeof FUZZ_CLASSES)[number]

/** Characters of a huge text: far beyond any path or name, far below what a frame may hold. */
const HUGE = 100_000

/**
 * Hostile texts in place of one that is fine. `base` is that text: an attacker keeps what the hook wants to see, the folder
 * before and the ending behind.
 */
export const HOSTILE_TEXTS: Readonly<Partial<Record<FuzzClass, (base: string) => readonly string[]>>> = {
  traversal: (base) => [
    "../../../etc/passwd",
    `../${base}`,
    `${base}/../../../etc/passwd`,
    within(base, "/../../../etc/"),
    `..\\..\\${base}`,
    within(base, "\\..\\..\\"),
    `....//....//${base}`,
    "..",
  ],
  encoding: (base) => [
    `%2e%2e%2f${base}`,
    `..%2f..%2f${base}`,
    within(base, "/%2e%2e/%2e%2e/"),
    `%252e%252e%252f${base}`,
    `..%c0%af${base}`,
    within(base, "/..%5c"),
  ],
  nul: (base) => [`${base}\0`, `${base}\0.txt`, `\0${base}`, within(base, "\0")],
  unc: (base) => [`\\\\host\\share\\${base}`, `//host/share/${base}`, `\\\\?\\UNC\\host\\share\\${base}`],
  drive: (base) => [`C:\\${base}`, `c:/${base}`, `C:${base}`, `\\\\?\\C:\\${base}`, `${base}:stream`],
  "file-url": (base) => ["file:///etc/passwd", `file://host/${base}`, `FILE:/${base}`, `file:${base}`],
  homoglyph: (base) => [
    // Full-width and one-dot leaders, and slashes that are none: some systems fold them to the real ones.
    `\uFF0E\uFF0E\uFF0F${base}`,
    `\u2024\u2024/${base}`,
    `..\u2215${base}`,
    `..\u2044${base}`,
    within(base, "/\uFF0E\uFF0E/"),
  ],
  huge: (base) => [base.padEnd(HUGE, "a"), within(base, `/${"a/".repeat(HUGE / 2)}`)],
  prototype: () => ["__proto__", "constructor", "prototype"],
}

/** What stands in place of a value to try whether its type is looked at. */
export function otherTypes(base: unknown): readonly unknown[] {
  const all: readonly unknown[] = [null, true, 7, "text", [base], { 0: base, length: 1 }, { toString: base }]
  return all.filter((value) => value === null || typeof value !== typeof base)
}

/** `insert` behind the folder of a path, or behind its first character. */
function within(base: string, insert: string): string {
  const slash = Math.max(base.lastIndexOf("/"), base.lastIndexOf("\\"))
  const at = slash > 0 ? slash : Math.min(1, base.length)
  return `${base.slice(0, at)}${insert}${base.slice(slash > 0 ? slash + 1 : at)}`
}
