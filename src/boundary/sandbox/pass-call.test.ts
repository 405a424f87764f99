import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { RECORD_OVERHEAD } from "../wire/limits.ts"
import { type Hook, LIMITS, pass } from "./hook-result.fixture.ts"

describe("one serialization", () => {
  test("what answers differently each time is asked once", async () => {
    let reads = 0
    const count = { get: () => ++reads, enumerable: true, configurable: true }
    const hooks: Hook[] = [
      (payload) => Object.defineProperty(payload, "path", count),
      (payload) => Object.defineProperty({ ...payload }, "path", count),
      ({ cmd }) => ({
        cmd,
        get payload() {
          return { path: ++reads }
        },
      }),
    ]
    for (const hook of hooks) {
      reads = 0
      const result = await pass(hook)
      assert.deepEqual([(result as { args: { path: number } }).args.path, reads], [1, 1])
    }
  })

  test("a command that the hook made a getter of is read once", async () => {
    let reads = 0
    const hook: Hook = (payload) =>
      Object.defineProperty(payload, "cmd", { get: () => (++reads === 1 ? "first" : "second"), configurable: true })
    assert.equal(((await pass(hook)) as { cmd: string }).cmd, "first")
  })

  test("the command is read once", async () => {
    let reads = 0
    const hook: Hook = () => ({
      get cmd() {
        return ++reads === 1 ? "first" : "second"
      },
    })
    assert.equal(((await pass(hook)) as { cmd: string }).cmd, "first")
  })

  test("what the hook changes after it returned changes nothing", async () => {
    const hook: Hook = (payload) => {
      queueMicrotask(() => {
        payload.path = "changed"
        payload.cmd = "other"
      })
      return payload
    }
    assert.deepEqual(await pass(hook), { cmd: "act", args: { path: "p" } })
  })
})

describe("a call is as large as jsonBytes allows, less 256 bytes for what the frame has around it:", () => {
  const SIZE = LIMITS.jsonBytes - RECORD_OVERHEAD - '[7,"act",{"text":""}]'.length
  for (const [name, text, code] of [
    ["as many bytes as that pass", "x".repeat(SIZE), undefined],
    ["one more is refused", "x".repeat(SIZE + 1), "JSON_TOO_LARGE"],
    ["characters of three bytes count as three", "世".repeat(SIZE / 3 + 1), "JSON_TOO_LARGE"],
    ["and pass where there is room", "世".repeat(SIZE / 3), undefined],
  ] as const) {
    test(name, async () => assert.equal(((await pass(null, { text })) as { code?: string }).code, code))
  }
})
