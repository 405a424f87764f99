import type { FromServer, Question } from "./server-process.ts"

/**
 * Answers the parent of this process, a server, and ends with it: `cpu` with the CPU time of the process, `close` by closing,
 * and whatever else it can be asked.
 */
export function answerQuestions(
  answers: Readonly<Record<string, (about: never) => unknown>> & { readonly close: () => unknown },
): void {
  const tell = (message: FromServer): void => void process.send?.(message)
  const known: Readonly<Record<string, (about: never) => unknown>> = { cpu: () => process.cpuUsage(), ...answers }
  process.on("message", async ({ id, ask, about }: Question) => {
    try {
      const answer = known[ask]
      if (answer === undefined) throw new Error("is nothing that it answers")
      tell({ kind: "answer", id, value: (await answer(about as never)) ?? null, error: null })
    } catch (error) {
      tell({ kind: "answer", id, value: null, error: `${ask}: ${error instanceof Error ? error.message : error}` })
    }
    if (ask === "close") setImmediate(() => process.exit())
  })
  process.once("disconnect", () => process.exit(1))
  tell({ kind: "listening" })
}
