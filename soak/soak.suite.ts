import assert from "node:assert/strict"
import { test } from "node:test"
import type { Phase } from "./phase.ts"
import { calls } from "./phases/calls.ts"
import { hostile } from "./phases/hostile.ts"
import { sessions } from "./phases/sessions.ts"
import { windows } from "./phases/windows.ts"

/** What does not depend on how fast the machine is: `npm run soak` looks at the rest. */
for (const phase of [windows, calls, sessions] satisfies Phase[])
  test(`${phase.name}: ${phase.summary}`, async () => {
    const { broken, errors, calls, sessions } = await phase.run(true, () => {})
    assert.deepEqual([broken, errors], [[], 0])
    assert.ok(calls > 0 && sessions > 0)
  })

test("hostile: whatever one window sends, the Core's memory has a bound, and another window is answered", async () => {
  const { errors, calls, heap_mib, p99_ms, worst, worst_heap } = await hostile.run(true, () => {})
  assert.equal(errors, 0)
  assert.ok(calls > 0 && Number(p99_ms) > 0)
  // Twice what `npm run soak` demands: how much is garbage that no collection has come to yet depends on the machine.
  assert.ok(Number(heap_mib) <= 1024, `${heap_mib} MiB: ${worst_heap}`)
  for (const shape of [worst, worst_heap]) assert.match(String(shape), /to "(take|echo|keep)"/)
})
