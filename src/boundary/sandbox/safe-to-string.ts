/** What `read` gives as text, whatever happens: a hook may throw or log what no text can be made of, and still gets its answer. */
export function safeToString(read: () => unknown): string {
  try {
    return String(read())
  } catch {
    return "(unprintable)"
  }
}
