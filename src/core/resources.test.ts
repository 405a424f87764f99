import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { Resources } from "./resources.ts"

class File {
  closed = 0
  close(): void {
    this.closed++
  }
}

describe("resources", () => {
  test("have ids that are u32s, never 0, all different, and are got back by id and kind", () => {
    const resources = new Resources()
    const files = Array.from({ length: 1000 }, () => new File())
    const rids = files.map((file) => resources.add(file))
    assert.equal(new Set(rids).size, 1000)
    for (const [index, rid] of rids.entries()) {
      assert.ok(Number.isInteger(rid) && rid > 0 && rid <= 0xffff_ffff)
      assert.equal(resources.get(rid, File), files[index])
    }
  })

  for (const rid of [0, 1, -1, 1.5, "1", null, undefined, {}, [1]])
    test(`of an id that was never given, ${JSON.stringify(rid)}, are an error that names it`, async () => {
      const resources = new Resources()
      const expected = { message: `The resource id ${JSON.stringify(rid)} is invalid.` }
      assert.throws(() => resources.get(rid, File), expected)
      await assert.rejects(resources.close(rid), expected)
    })

  test("of another kind, closed, or of another session are none", async () => {
    const [resources, others] = [new Resources(), new Resources()]
    const file = new File()
    const rid = resources.add(file)
    assert.throws(() => resources.get(rid, Map), /is invalid/)
    assert.throws(() => others.get(rid, File), /is invalid/)
    await resources.close(rid)
    await assert.rejects(resources.close(rid), /is invalid/)
    assert.throws(() => resources.get(rid, File), /is invalid/)
    assert.equal(file.closed, 1)
  })

  test("are at most 10,000 for a session: one too many is closed, and another session still may", async () => {
    const resources = new Resources()
    const [first = 0] = Array.from({ length: 10_000 }, () => resources.add({}))
    const [oneTooMany, shared] = [new File(), new File()]
    assert.throws(() => resources.add(oneTooMany), /at most 10000 resources: close some first/)
    assert.throws(() => resources.share(7, shared), /at most 10000 resources/)
    assert.deepEqual([oneTooMany.closed, shared.closed], [1, 1])
    new Resources().add({})
    await resources.close(first)
    resources.add({})
  })

  test("are closed once when their session ends, those that come later at once; what fails stops nobody", () => {
    const resources = new Resources()
    const [first, last, late] = [new File(), new File(), new File()]
    resources.add(first)
    resources.add({
      close: () => {
        throw new Error("at once")
      },
    })
    resources.add({ close: () => Promise.reject(new Error("later")) })
    resources.add({})
    resources.add(last)
    resources.end()
    const rid = resources.add(late)
    resources.end()
    assert.deepEqual([first.closed, last.closed, late.closed], [1, 1, 1])
    assert.throws(() => resources.get(rid, File), /is invalid/)
  })

  test("that do not close say so to who closed them, and are gone", async () => {
    const resources = new Resources()
    const rid = resources.add({ close: () => Promise.reject(new Error("disk full")) })
    await assert.rejects(resources.close(rid), /disk full/)
    await assert.rejects(resources.close(rid), /is invalid/)
  })

  test("that several pages hold have one id, and are left, not closed, when one page's session ends", async () => {
    const [resources, others] = [new Resources(), new Resources()]
    let [closed, left] = [0, 0]
    const shared = new (class extends File {
      override close(): void {
        closed++
      }
      left(): void {
        left++
      }
    })()
    const rid = resources.add(shared)
    assert.equal(others.has(rid), false)
    others.share(rid, shared)
    assert.equal(others.get(rid, File), shared)
    assert.throws(() => others.share(rid, new File()), { message: `The resource id ${rid} is taken.` })
    resources.end()
    assert.deepEqual([closed, left], [0, 1])
    await others.close(rid)
    assert.deepEqual([closed, left], [1, 1])
    resources.share(rid, shared)
    assert.deepEqual([closed, left, resources.has(rid)], [1, 2, false])
  })
})
