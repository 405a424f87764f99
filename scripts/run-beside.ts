/** A part of a run. */
export interface Job {
  /** Whether no other job runs meanwhile. */
  readonly isAlone: boolean
  run(): Promise<void>
}

/** Runs jobs in their order, `parallel` at a time, and then those that run alone. */
export async function runBeside(jobs: readonly Job[], parallel: number): Promise<void> {
  const waiting = jobs.filter(({ isAlone }) => !isAlone)
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job.run()
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  for (const job of jobs) if (job.isAlone) await job.run()
}
