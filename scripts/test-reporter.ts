import type { TestEvent } from "node:test/reporters"

/** A reporter of `node:test` for programs: one line of JSON, with the counts and every failure in full. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0
  const failures: string[] = []
  for await (const event of events) {
    if (event.type === "test:stdout" || event.type === "test:stderr") yield event.data.message
    if (event.type !== "test:pass" && event.type !== "test:fail") continue
    const { name, details, skip, todo } = event.data
    // A suite passes and fails with its tests, unless its own hooks fail.
    const isSuite = details.type === "suite"
    if (event.type === "test:pass") {
      if (!isSuite && skip === undefined && todo === undefined) passed++
      continue
    }
    const { error } = event.data.details
    const { failureType } = error as { failureType?: string }
    if (isSuite && failureType === "subtestsFailed") continue
    failures.push(
      `${name}\n${error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : error.message}`,
    )
  }
  yield `\n${JSON.stringify({ passed, failed: failures.length, failures })}\n`
}
