import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { describe, test } from "node:test"
import { PendingCalls } from "./pending-calls.ts"

describe("pending calls", () => {
  test("are taken out once, whatever their order and the size of their ids", () => {
    const calls = new PendingCalls<string>()
    const ids = [1, 255, 256, 257, 70_000, 0xffff_ffff, 2]
    for (const id of ids) calls.add(id, `call ${id}`)
    assert.equal(calls.size, ids.length)
    for (const id of ids.toReversed()) {
      assert.ok(calls.has(id))
      assert.equal(calls.take(id), `call ${id}`)
      assert.ok(!calls.has(id))
      assert.equal(calls.take(id), undefined)
    }
    assert.equal(calls.size, 0)
    assert.deepEqual(calls.ids, [])
  })

  test("are listed without those that have been taken out", () => {
    const calls = new PendingCalls<string>()
    for (let id = 1; id <= 1000; id++) calls.add(id, "")
    for (let id = 1; id <= 1000; id++) if (id % 300 !== 0) calls.take(id)
    assert.deepEqual(calls.ids, [300, 600, 900])
    assert.equal(calls.size, 3)
  })

  test("are not what has never been one", () => {
    const calls = new PendingCalls<string>()
    calls.add(1, "")
    for (const id of [0, 2, 257, -1, 0.5, Number.NaN, "length" as never, undefined as never])
      assert.equal(calls.take(id), undefined)
    assert.equal(calls.size, 1)
  })

  test("that wait long keep their neighbors' places and no more: a million others come and go, and leave nothing", () => {
    const program = `
      import { PendingCalls } from ${JSON.stringify(new URL("pending-calls.ts", import.meta.url).href)}
      const calls = new PendingCalls()
      const others = (from) => { for (let id = from; id < from + 1_000_000; id++) { calls.add(id, {}); calls.take(id) } }
      calls.add(1, {})
      others(2)
      gc()
      const before = process.memoryUsage().heapUsed
      others(1_000_002)
      gc()
      console.log(JSON.stringify([process.memoryUsage().heapUsed - before, calls.ids]))`
    const flags = ["--expose-gc", "--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", program]
    const [grown, ids] = JSON.parse(execFileSync(process.execPath, flags, { encoding: "utf8" }))
    assert.ok(grown < 500_000, `${grown} bytes more`)
    assert.deepEqual(ids, [1])
  })
})
