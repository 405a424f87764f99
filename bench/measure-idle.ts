import { CoreProcess } from "../soak/core-process.ts"
import { bytesOf, connectAll, labelsOf, openWindows } from "../soak/phase.ts"

/** What the first sessions take, code that is compiled for them, is nobody's own. */
const FIRST = 50

/** What an idle session takes of the Core's heap, in bytes: windows that have said hello and loaded their frame, and do nothing. */
export async function measureIdle(sessions: number): Promise<number> {
  const labels = labelsOf(FIRST + sessions)
  const core = await CoreProcess.start(labels)
  try {
    const windows = await openWindows(core, labels)
    const open = await connectAll(windows.slice(0, FIRST))
    const before = bytesOf(await core.memory())
    open.push(...(await connectAll(windows.slice(FIRST))))
    const bytes = Math.round((bytesOf(await core.memory()) - before) / sessions)
    const refused = await core.refusals()
    if (refused.length > 0) throw new Error(`the Core refused what it should not: ${refused[0]}`)
    await Promise.all(open.map((session) => session.close()))
    return bytes
  } finally {
    await core.close()
  }
}
