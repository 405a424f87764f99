import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { runInNewContext } from "node:vm"
import { readReplies, turn } from "./core.fixture.ts"
import { PageOutbox } from "./page-outbox.ts"

const start = (maxBytes = 10_000_000): { outbox: PageOutbox; frames: Uint8Array[] } => {
  const frames: Uint8Array[] = []
  return { outbox: new PageOutbox((frame) => frames.push(frame), maxBytes), frames }
}
const replyTo = async (act: (outbox: PageOutbox) => void, maxBytes?: number): Promise<unknown> => {
  const { outbox, frames } = start(maxBytes)
  act(outbox)
  await turn()
  assert.equal(frames.length, 1)
  return readReplies(frames[0] as Uint8Array).replies[0]
}

describe("replies", () => {
  test("that come up in one turn leave in one frame, in order", async () => {
    const { outbox, frames } = start()
    outbox.resolve(1, { a: 1 })
    outbox.reject(2, "no")
    outbox.resolve(3, undefined)
    assert.equal(frames.length, 0)
    await turn()
    outbox.resolve(4, 4)
    await turn()
    assert.deepEqual(
      frames.map((frame) => readReplies(frame).replies),
      [
        [
          [1, 1, { a: 1 }],
          [2, 0, "no"],
          [3, 1, null],
        ],
        [[4, 1, 4]],
      ],
    )
  })

  test("the first leaves at once, those of later turns of the same round together: a frame costs more than they do", async () => {
    const { outbox, frames } = start()
    for (let id = 1; id <= 5; id++) {
      outbox.resolve(id, id)
      // A turn of microtasks, as between two commands that awaited something.
      for (let step = 0; step < 5; step++) await null
      assert.equal(frames.length, 1)
    }
    await turn()
    assert.deepEqual(
      frames.map((frame) => readReplies(frame).replies.length),
      [1, 4],
    )
  })

  test("leave at once when there is enough for a frame", () => {
    const { outbox, frames } = start()
    for (let id = 0; id < 10; id++) outbox.resolve(id, "x".repeat(100_000))
    assert.equal(frames.length, 3)
  })

  test("carry raw bytes beside the JSON, each named by its place", async () => {
    const { outbox, frames } = start()
    outbox.resolve(1, Uint8Array.of(1, 2))
    outbox.resolve(2, [Uint8Array.of(3)])
    outbox.resolve(3, Uint8Array.of(9, 4, 5, 9).subarray(1, 3))
    outbox.resolve(4, Uint8Array.of(6).buffer)
    outbox.resolve(5, new Uint8Array(0))
    await turn()
    assert.deepEqual(readReplies(frames[0] as Uint8Array), {
      replies: [
        [1, 1, null, 0],
        [2, 1, [[3]]],
        [3, 1, null, 1],
        [4, 1, null, 2],
        [5, 1, null, 3],
      ],
      blobs: [Uint8Array.of(1, 2), Uint8Array.of(4, 5), Uint8Array.of(6), new Uint8Array(0)],
    })
  })

  test("nothing to say is no frame", async () => {
    const { outbox, frames } = start()
    outbox.flush()
    await turn()
    assert.equal(frames.length, 0)
  })

  test("start anew after a flush, blobs included", async () => {
    const { outbox, frames } = start()
    outbox.resolve(1, Uint8Array.of(1))
    outbox.flush()
    outbox.resolve(2, Uint8Array.of(2))
    await turn()
    assert.deepEqual(readReplies(frames[1] as Uint8Array), { replies: [[2, 1, null, 0]], blobs: [Uint8Array.of(2)] })
  })
})

describe("what a command throws", () => {
  class Odd extends Error {
    override readonly message: string = "odd"
    readonly secret = "stack"
  }
  for (const [name, reason, expected] of [
    ["an Error, its message only", new Odd(), "odd"],
    ["an Error of another realm, its message only", runInNewContext('new Error("far")'), "far"],
    ["text", "no", "no"],
    ["an object, as it is", { code: 7 }, { code: 7 }],
    ["undefined", undefined, null],
    ["null", null, null],
    ["a BigInt, which no JSON holds", 1n, "the command threw what cannot be turned into JSON"],
  ] as const) {
    test(`arrives: ${name}`, async () =>
      assert.deepEqual(await replyTo((outbox) => outbox.reject(1, reason)), [1, 0, expected]))
  }

  test("arrives even when it cannot be looked at", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const [id, ok] = (await replyTo((outbox) => outbox.reject(1, proxy))) as unknown[]
    assert.deepEqual([id, ok], [1, 0])
  })
})

describe("what a command returns", () => {
  for (const [name, make, expected] of [
    [
      "a cycle",
      () => {
        const a: unknown[] = []
        a.push(a)
        return a
      },
      /cannot be turned into JSON/,
    ],
    ["a BigInt", () => 1n, /cannot be turned into JSON/],
    [
      "a getter that throws",
      () => ({
        get a() {
          throw new Error("broken getter")
        },
      }),
      /broken getter/,
    ],
    [
      "an object that throws when it is looked at",
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      },
      /revoked/,
    ],
    [
      "what throws something that has no text",
      () => ({
        toJSON() {
          throw Symbol("no text")
        },
      }),
      /cannot be turned into JSON/,
    ],
    [
      "what throws an object that has no text",
      () => ({
        toJSON() {
          throw Object.create(null)
        },
      }),
      /cannot be turned into JSON/,
    ],
  ] as const) {
    test(`rejects the call and nothing else: ${name}`, async () => {
      const [id, ok, text] = (await replyTo((outbox) => outbox.resolve(1, make()))) as [number, number, string]
      assert.deepEqual([id, ok], [1, 0])
      assert.match(text, expected)
    })
  }

  for (const [name, value] of [
    ["text", "x".repeat(1000)],
    ["text of few characters and many bytes", "é".repeat(600)],
    ["bytes", new Uint8Array(1000)],
  ] as const) {
    test(`is rejected when a frame with it would be larger than the limit: ${name}`, async () => {
      const [id, ok, text] = (await replyTo((outbox) => outbox.resolve(1, value), 1000)) as [number, number, string]
      assert.deepEqual([id, ok], [1, 0])
      assert.match(text, /larger than 1000 bytes.*outgoingBytes/)
    })
  }

  for (const [name, value] of [
    ["bytes", new Uint8Array(1000 - 256)],
    ["text", "x".repeat(1000 - 258)],
  ] as const) {
    test(`passes as long as a frame has room for it: ${name}`, async () => {
      const { outbox, frames } = start(1000)
      outbox.resolve(0xffff_ffff, value)
      await turn()
      assert.deepEqual((readReplies(frames[0] as Uint8Array).replies[0] as unknown[])[1], 1)
      assert.ok((frames[0] as Uint8Array).length <= 1000)
    })
  }

  test("a reason that is larger than the limit is replaced", async () => {
    const [id, ok, text] = (await replyTo((outbox) => outbox.reject(1, "x".repeat(2000)), 1000)) as [
      number,
      number,
      string,
    ]
    assert.deepEqual([id, ok], [1, 0])
    assert.match(text, /larger than 1000 bytes/)
  })
})
