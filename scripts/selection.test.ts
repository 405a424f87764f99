import assert from "node:assert/strict"
import { test } from "node:test"
import { SELECTIONS, selection, selects } from "./selection.ts"

test("the default run and what it leaves out have no test in common, and are everything together", () => {
  for (const isDefault of [true, false]) {
    assert.notEqual(selects(isDefault, "default"), selects(isDefault, "left-out"))
    assert.equal(selects(isDefault, "all"), true)
  }
})

test("the default run includes a test of the default run", () => assert.equal(selects(true, "default"), true))

test("a process without a selection runs everything", () => assert.equal(selection({}), "all"))

test("each selection is read by its name", () =>
  assert.deepEqual(
    SELECTIONS.map((name) => selection({ SALLYPORT_TESTS: name })),
    SELECTIONS,
  ))

test("a value that is no selection is an error that names it", () =>
  assert.throws(() => selection({ SALLYPORT_TESTS: "most" }), {
    message: 'SALLYPORT_TESTS must be one of default, left-out, all, not "most"',
  }))
