import type { Pattern } from "./commands.ts"
import { makeThrowAway, seed, type ThrowAway } from "./folders.ts"
import { runApp } from "./run-app.ts"

/** A moment for the reply to `switch_pattern` to leave, in ms. */
const REPLY_MS = 200

/** The app in a window, until it is closed. In brownfield, where the attacks succeed, it works on a copy of the notes. */
export async function runInWindow(folder: string, config: string | null): Promise<void> {
  await seed(folder)
  let pattern: Pattern | null = "isolation"
  while (pattern !== null) pattern = await runOnce(pattern, folder, config)
}

/** Returns the pattern that the window asks for, or `null` when it was closed. */
async function runOnce(pattern: Pattern, folder: string, config: string | null): Promise<Pattern | null> {
  const throwAway = await makeThrowAway(folder)
  try {
    return await runOn(throwAway, pattern, folder, config)
  } finally {
    await throwAway.remove()
  }
}

async function runOn(
  throwAway: ThrowAway,
  pattern: Pattern,
  folder: string,
  config: string | null,
): Promise<Pattern | null> {
  let next: Pattern | null = null
  const notes = pattern === "isolation" ? folder : throwAway.notes
  const switchPattern = (wanted: Pattern): void => {
    next = wanted
    setTimeout(() => app.close(), REPLY_MS)
  }
  const app = await runApp({ pattern, folder: notes, secret: throwAway.secret, switchPattern, config, inBrowser: true })
  // The Notes that already run show their window; `createApp` has said so.
  if (app.second) return null
  // More than once, because npm and the terminal each send one: the second must not end the process before it has cleared up.
  const interrupted = (): void => void app.close()
  process.on("SIGINT", interrupted)
  process.on("SIGTERM", interrupted)
  console.error(
    pattern === "isolation"
      ? `Notes, isolated, in ${notes}`
      : `Notes, NOT isolated, on a copy in ${notes} that is thrown away`,
  )
  await app.open("main")
  await app.closed
  return next
}
