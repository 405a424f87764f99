import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { bare, own } from "./own.ts"
import { withPolluted } from "./polluted.fixture.ts"

class Point {
  x = 1
  get y(): number {
    return this.x + 1
  }
}

describe("on a polluted Object.prototype", () => {
  test("own reads own properties only", () => {
    withPolluted({ calls: "polluted", 3: "polluted" }, () => {
      assert.equal(own({}, "calls"), undefined)
      assert.equal(own([1], 3), undefined)
      assert.equal(own({ calls: 1 }, "calls"), 1)
      assert.equal(own([1], 0), 1)
      assert.equal(own(new Point(), "y"), undefined)
    })
  })

  test("bare copies own properties, and what it has not got is not there", () => {
    withPolluted({ judgedAs: "polluted" }, () => {
      const copy: { name: string; judgedAs?: string } = bare({ name: "a" })
      assert.equal(copy.name, "a")
      assert.equal(copy.judgedAs, undefined)
      assert.equal("judgedAs" in copy, false)
    })
  })
})
