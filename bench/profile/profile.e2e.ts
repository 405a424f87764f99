import assert from "node:assert/strict"
import { access, mkdtemp, rm } from "node:fs/promises"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { profileBursts } from "./burst-profile.ts"
import { readableSource } from "./readable-source.ts"
import { measureSerialLatency } from "./serial-latency.ts"

for (const pattern of ["isolation", "brownfield"] as const)
  test(`a call's way is followed through every door, and its stages add up, ${pattern}`, async () => {
    const { calls, stages, meanUs } = await measureSerialLatency(pattern, 100)
    assert.equal(calls, 100)
    const sum = stages.reduce((total, { us }) => total + us, 0)
    assert.ok(Math.abs(sum - meanUs) < 1, `${sum} is not ${meanUs}`)
    // The frame's clock goes in steps of 100 µs, forth and back.
    for (const { stage, us } of stages) assert.ok(us > -100 && us < meanUs, `${stage} took ${us} of ${meanUs} µs`)
  })

test("profiles of page, sandbox and Core name files of the source, and each realm's stages are all at work", async () => {
  const folder = await mkdtemp(fileURLToPath(new URL("../../.profiles-", import.meta.url)))
  try {
    const { realms } = await profileBursts("isolation", await readableSource(folder), folder, 2)
    const atWork = new Map(realms.map(({ realm, stages }) => [realm, stages.map(({ stage }) => stage)]))
    for (const { file } of realms) await access(file)
    const expected = {
      page: ["receive: parse the replies, settle the promises", "hop: hand batches over", "serialize"],
      sandbox: ["hop: take a batch, parse it", "hook", "serialize what the hook returned", "seal"],
      core: ["parse", "reply: serialize", "dispatch and run"],
    }
    for (const [realm, stages] of Object.entries(expected))
      for (const stage of stages)
        assert.ok(atWork.get(realm as keyof typeof expected)?.includes(stage), `${realm}: ${stage}`)
    for (const { realm, stages, spanUs } of realms) {
      const sum = stages.reduce((total, { us }) => total + us, 0)
      assert.ok(Math.abs(sum - spanUs) < 0.001, `${realm}: ${sum} is not ${spanUs}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
