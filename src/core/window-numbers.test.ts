import assert from "node:assert/strict"
import { test } from "node:test"
import { WindowNumbers } from "./window-numbers.ts"

test("an open window has a number of its own, until it is closed", () => {
  const numbers = new WindowNumbers()
  const [first, second] = [0, 1].map(() => ({ redeemed: () => {}, sessions: () => {} }))
  assert.ok(first !== undefined && second !== undefined)
  const [one, other] = [numbers.take(first), numbers.take(second)]
  assert.notEqual(one, other)
  for (const number of [one, other]) {
    assert.ok(Number.isInteger(number) && number > 0 && number < 2 ** 32)
    assert.ok(numbers.has(number))
  }
  numbers.give(first)
  assert.deepEqual([numbers.has(one), numbers.has(other), numbers.has(0)], [false, true, false])
})
