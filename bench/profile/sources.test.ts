import assert from "node:assert/strict"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import type { Profiler } from "node:inspector"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { readableSource } from "./readable-source.ts"
import { filesByLine, withSources } from "./sources.ts"

const BUNDLE = `"use strict";
(() => {
  // src/page/calls.ts
  var Calls = class {
  };
  // a remark: src/page/none.ts
  // node_modules/thing/index.js
  thing();
})();`

test("a function gets the file that its line in the bundle is from, wherever in its document the bundle begins", () => {
  const node = (id: number, scriptId: string, lineNumber: number): Profiler.ProfileNode => ({
    id,
    callFrame: { functionName: "f", scriptId, url: "http://localhost/", lineNumber, columnNumber: 0 },
  })
  const profile = {
    nodes: [node(1, "5", 13), node(2, "5", 17), node(3, "5", 11), node(4, "6", 13)],
    startTime: 0,
    endTime: 1,
  }
  const { nodes } = withSources(profile, new Map([["5", { startLine: 10, text: BUNDLE }]]))
  assert.deepEqual(
    nodes.map(({ callFrame }) => callFrame.url),
    ["src/page/calls.ts", "node_modules/thing/index.js", "http://localhost/", "http://localhost/"],
  )
})

test("the readable source says of each line which file it is from", async () => {
  const folder = await mkdtemp(fileURLToPath(new URL("../../.profiles-", import.meta.url)))
  try {
    const text = await readFile(fileURLToPath(await readableSource(folder)), "utf8")
    const files = new Set(filesByLine(text))
    for (const file of [
      "src/core/session.ts",
      "src/boundary/core/record-opener.ts",
      "src/boundary/wire/payload.ts",
      "src/app.ts",
    ])
      assert.ok(files.has(file), file)
    // What is embedded is a text in it, and not minified either.
    assert.match(text, /\\n {2}\/\/ src\/page\/bridge\.ts\\n/)
    assert.match(text, /\\n {2}\/\/ src\/boundary\/sandbox\/runtime\.ts\\n/)
  } finally {
    await rm(join(folder), { recursive: true })
  }
})
