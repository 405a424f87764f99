/** What went wrong, in one line: browsers' drivers put the page's stack behind it. */
export function reason(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n", 1)[0] as string
}
