import type { Socket } from "node:net"
import { InstanceError } from "./instance-error.ts"
import { type Answer, readAnswer, type SecondLaunch, writeLaunch } from "./launch-message.ts"

/** Maximum time in ms for the first instance to answer. */
export const ANSWER_MS = 2000
/** Maximum time in ms for a first instance that is closing to end. Its commands have five seconds, its browser three. */
const END_MS = 12_000

/**
 * Asks the first instance to open or focus its window.
 *
 * @returns `ended`: it was closing, and has ended; `hung up`: it did not answer, because it is no longer the first or takes no more connections
 * @throws InstanceError when it does not answer
 */
export async function askFirst(
  socket: Socket,
  launch: SecondLaunch,
  app: string,
): Promise<"opened" | "hung up" | "ended"> {
  try {
    let line: string
    try {
      line = writeLaunch(launch)
    } catch (error) {
      throw new InstanceError(`${app} already runs, and ${(error as Error).message}`)
    }
    socket.write(line)
    const answer = await answerOf(socket)
    if (answer === "late")
      throw new InstanceError(
        `${app} already runs, and did not answer within ${ANSWER_MS / 1000} seconds: end its process, then start it again`,
      )
    if (answer === "opened" || answer === "hung up") return answer
    if (await endOf(socket)) return "ended"
    throw new InstanceError(`${app} is closing, and has not ended within ${END_MS / 1000} seconds: end its process`)
  } finally {
    socket.destroy()
  }
}

function answerOf(socket: Socket): Promise<Answer | "hung up" | "late"> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, ANSWER_MS, "late")
    const done = (answer: Answer | "hung up"): void => {
      clearTimeout(late)
      resolve(answer)
    }
    let text = ""
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk
      const end = text.indexOf("\n")
      const answer = end === -1 ? null : readAnswer(text.slice(0, end))
      if (answer !== null) done(answer)
      else if (end !== -1 || text.length > 16) socket.destroy()
    })
    socket.once("close", () => done("hung up"))
  })
}

/** Whether the connection ends in time. */
function endOf(socket: Socket): Promise<boolean> {
  if (socket.destroyed) return Promise.resolve(true)
  return new Promise((resolve) => {
    const late = setTimeout(resolve, END_MS, false)
    socket.once("close", () => {
      clearTimeout(late)
      resolve(true)
    })
  })
}
