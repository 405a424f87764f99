import assert from "node:assert/strict"
import { test } from "node:test"
import type { Phase } from "./phase.ts"
import { calls } from "./phases/calls.ts"
import { sessions } from "./phases/sessions.ts"
import { windows } from "./phases/windows.ts"

/** What does not depend on how fast the machine is: `npm run soak` looks at the rest. */
for (const phase of [windows, calls, sessions] satisfies Phase[])
  test(`${phase.name}: ${phase.summary}`, async () => {
    const { broken, errors, calls, sessions } = await phase.run(true, () => {})
    assert.deepEqual([broken, errors], [[], 0])
    assert.ok(calls > 0 && sessions > 0)
  })
