import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { test } from "node:test"
import { weakenedTexts } from "../attacks/weakened-source.ts"
import { FAULTS } from "./catalogue/index.ts"
import { report } from "./report.ts"

test("docs/faults.md is what the faults say (npm run faults -- --write)", async () =>
  assert.equal(await readFile(new URL("../docs/faults.md", import.meta.url), "utf8"), report(FAULTS)))

test("no two faults have the same id, and each has a control", () => {
  const ids = FAULTS.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  for (const { id, controls } of FAULTS) assert.ok(controls.length > 0, id)
})

for (const { id, controls } of FAULTS)
  for (const { change } of controls)
    test(`${id}: the source has the text whose change turns off ${change.off} exactly once`, async () =>
      assert.equal((await weakenedTexts([change])).size, 1))

test("every promise is broken by some control", () =>
  assert.deepEqual([...new Set(FAULTS.flatMap(({ controls }) => controls.map(({ breaks }) => breaks)))].sort(), [
    "doubled",
    "leaked",
    "lost",
    "stopped",
  ]))
