import assert from "node:assert/strict"
import { test } from "node:test"
import { shownPath } from "./shown-path.ts"

test("what lies in the working directory is shown from there, anything else whole", () => {
  const rows = [
    ["/a/b/c.js", "b/c.js"],
    ["/a", "."],
    ["/ab/c.js", "/ab/c.js"],
    ["/c.js", "/c.js"],
  ] as const
  for (const [path, shown] of rows) assert.equal(shownPath(path, "/a"), shown)
})
