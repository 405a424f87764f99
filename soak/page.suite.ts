import assert from "node:assert/strict"
import { test } from "node:test"
import { page } from "./phases/page.ts"

test(`page: ${page.summary}`, async () => {
  const { broken, errors, calls } = await page.run(true, () => {})
  assert.deepEqual([broken, errors], [[], 0])
  assert.ok(calls > 0)
})
