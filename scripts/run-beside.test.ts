import assert from "node:assert/strict"
import { test } from "node:test"
import { type Job, runBeside } from "./run-beside.ts"

/** Runs jobs, each of which ends some turns after it began. Returns the names of those that ran together at each beginning. */
async function together(
  parallel: number,
  jobs: readonly (readonly [name: string, isAlone: boolean])[],
): Promise<string[]> {
  const running = new Set<string>()
  const seen: string[] = []
  const job = ([name, isAlone]: readonly [string, boolean]): Job => ({
    isAlone,
    run: async () => {
      running.add(name)
      seen.push([...running].join(" "))
      await new Promise((resolve) => setImmediate(resolve))
      running.delete(name)
    },
  })
  await runBeside(jobs.map(job), parallel)
  return seen
}

test("jobs begin in their order, as many at a time as was asked for", async () => {
  const jobs = ["a", "b", "c", "d"].map((name) => [name, false] as const)
  assert.deepEqual(await together(2, jobs), ["a", "a b", "b c", "c d"])
  assert.deepEqual(await together(1, jobs), ["a", "b", "c", "d"])
})

test("a job that runs alone begins when all others have ended", async () =>
  assert.deepEqual(
    await together(2, [
      ["alone", true],
      ["a", false],
      ["also alone", true],
      ["b", false],
    ]),
    ["a", "a b", "alone", "also alone"],
  ))
