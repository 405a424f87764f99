import assert from "node:assert/strict"
import { test } from "node:test"
import { markdownTable, withSection } from "./markdown.ts"

test("a table is as wide as its widest cells, and numbers stand to the right", () => {
  assert.deepEqual(
    markdownTable(
      ["", "calls"],
      [
        ["isolated", "1"],
        ["b", "100,000"],
      ],
    ),
    ["|          |   calls |", "| -------- | ------: |", "| isolated |       1 |", "| b        | 100,000 |"],
  )
})

test("a section is put at the end, and in its own place from then on", () => {
  const once = withSection("# Title\n", "scaling", ["first"])
  const more = `${once}\nafter\n`
  const twice = withSection(more, "scaling", ["second"])
  assert.match(once, /^# Title\n\n<!-- scaling: .*-->\n\nfirst\n\n<!-- end of scaling -->\n$/)
  assert.equal(twice, more.replace("first", "second"))
  assert.match(withSection(twice, "profile", ["third"]), /second.*after.*third/s)
})
