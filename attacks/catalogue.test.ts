import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { test } from "node:test"
import { ATTACKS } from "./catalogue/index.ts"
import { report } from "./report.ts"
import { weakenedTexts } from "./weakened-source.ts"

test("docs/attacks.md is what the attacks say (npm run attacks -- --write)", async () =>
  assert.equal(await readFile(new URL("../docs/attacks.md", import.meta.url), "utf8"), report(ATTACKS)))

test("no two attacks have the same row and name", () => {
  const names = ATTACKS.map(({ id, name }) => `${id}: ${name}`)
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  )
})

test("what each control switches off stands in the source", async () => {
  for (const { control } of ATTACKS) if (control !== "brownfield") await weakenedTexts([control].flat())
})
