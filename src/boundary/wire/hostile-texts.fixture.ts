/** Texts of megabytes in which whoever counts brackets meets as many quotes, backslashes or brackets as can be. */
export const HOSTILE_TEXTS: readonly string[] = [
  `"${"\\".repeat(4_000_000)}`,
  '"'.repeat(4_000_000),
  '\\"'.repeat(2_000_000),
  `"${'\\"'.repeat(2_000_000)}`,
  "[]".repeat(2_000_000),
]
