import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

const script = fileURLToPath(new URL("json-size-heap.fixture.ts", import.meta.url))
const results = JSON.parse(
  execFileSync(process.execPath, ["--expose-gc", "--disable-warning=ExperimentalWarning", script], {
    encoding: "utf8",
  }),
) as [shape: string, real: number, counted: number][]

test("measures what the issue of a page's memory is", () => assert.ok(results.length >= 12))

for (const [shape, real, counted] of results)
  test(`counts no less than the heap that it takes: ${shape}`, () => {
    assert.ok(real > 100_000, `${real} bytes: nothing was measured`)
    assert.ok(real <= counted, `${real} bytes of heap, ${counted} counted`)
  })
