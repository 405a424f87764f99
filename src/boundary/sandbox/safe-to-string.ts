/** Makes text of whatever a hook throws or prints. Promises not to throw, so that no such value leaves a call without an end. Stops P20. */

/** Returns the value of `read` as text, whatever happens: it may throw, and so may the conversion to text. */
export function safeToString(read: () => unknown): string {
  try {
    return String(read())
  } catch {
    return "(unprintable)"
  }
}
