import assert from "node:assert/strict"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { profileBursts } from "./burst-profile.ts"
import { readableSource } from "./readable-source.ts"
import { measureSerialLatency } from "./serial-latency.ts"
import { stagesOf } from "./stages.ts"

// These tests assert nothing about single times, and not that the profiler has sampled a stage: both depend on chance.

for (const pattern of ["isolation", "brownfield"] as const)
  test(`a call's way is followed through every door, and its stages add up, ${pattern}`, async () => {
    const { calls, stages, meanUs } = await measureSerialLatency(pattern, 100)
    assert.equal(calls, 100)
    assert.equal(stages.length, pattern === "isolation" ? 16 : 7)
    const sum = stages.reduce((total, { us }) => total + us, 0)
    assert.ok(Math.abs(sum - meanUs) < 1, `${sum} is not ${meanUs}`)
  })

test("page, sandbox and Core leave a profile each, and the stages of each add up", async () => {
  const folder = await mkdtemp(fileURLToPath(new URL("../../.profiles-", import.meta.url)))
  try {
    const { calls, realms } = await profileBursts("isolation", await readableSource(folder), folder, 2)
    assert.equal(calls, 40_000)
    assert.deepEqual(
      realms.map(({ realm }) => realm),
      ["page", "sandbox", "core"],
    )
    for (const { realm, file, stages, spanUs } of realms) {
      assert.ok(Array.isArray(JSON.parse(await readFile(file, "utf8")).nodes), file)
      const names = stages.map(({ stage }) => stage)
      assert.deepEqual(
        names,
        stagesOf(realm).filter((stage) => names.includes(stage)),
      )
      const sum = stages.reduce((total, { us }) => total + us, 0)
      assert.ok(Math.abs(sum - spanUs) < 0.001, `${realm}: ${sum} is not ${spanUs}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
