import assert from "node:assert/strict"
import { test } from "node:test"
import { withPolluted } from "../boundary/wire/polluted.fixture.ts"
import { inherited } from "./inherited.ts"

class Point {
  x = 1
  get y(): number {
    return this.x + 1
  }
}

test("inherited reads what classes have, and stops before Object.prototype", () => {
  withPolluted({ z: "polluted" }, () => {
    assert.equal(inherited(new Point(), "x"), 1)
    assert.equal(inherited(new Point(), "y"), 2)
    assert.equal(inherited(new Point(), "z"), undefined)
    assert.equal(inherited({}, "toString"), undefined)
    assert.equal(inherited(Object.create(null), "z"), undefined)
  })
})
