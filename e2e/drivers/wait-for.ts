/** Waits until `isSo` says true. What it throws is a page on its way to another document: it is asked again. */
export async function waitFor(what: string, isSo: () => Promise<unknown>, timeoutMs: number = 30_000): Promise<void> {
  const end = performance.now() + timeoutMs
  let last: unknown
  while (performance.now() < end) {
    try {
      if ((await isSo()) === true) return
      last = undefined
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: last })
}
