import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { splitPayload } from "../wire/payload.ts"
import { CallBatcher } from "./call-batcher.ts"
import { createRecordSealer } from "./record-sealer.ts"

const KEY = new Uint8Array(32).fill(7)
const SESSION = new Uint8Array(16).fill(9)
const importKey = (): Promise<CryptoKey> => crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["encrypt"])

/** Seals that have begun and not ended: a busy machine takes its time for them. */
let sealing = 0
const { encrypt } = crypto.subtle
crypto.subtle.encrypt = async (...parameters: Parameters<SubtleCrypto["encrypt"]>) => {
  sealing++
  try {
    return await encrypt.apply(crypto.subtle, parameters)
  } finally {
    sealing--
  }
}

/** Waits until nothing has been sealed for a moment. */
async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet = sealing > 0 ? 0 : quiet + 1)
    await new Promise((resolve) => setTimeout(resolve, 10))
}

interface Frame {
  calls?: unknown[][]
  refused?: unknown[]
  logs?: unknown[]
  blobs: number[]
  rest: Uint8Array
}

/** Opens frames as docs/protocol.md says, the first as seq 1, the next as seq 2, and so on. */
const open = async (frames: readonly ArrayBuffer[]): Promise<Frame[]> => {
  const key = await crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["decrypt"])
  return Promise.all(
    frames.map(async (frame, index) => {
      const header = Buffer.from(frame, 0, 9)
      assert.deepEqual([header.readUInt8(0), header.readBigUInt64BE(1)], [1, BigInt(index + 1)])
      const iv = Buffer.concat([Buffer.alloc(4), header.subarray(1)])
      const algorithm = { name: "AES-GCM", iv, additionalData: Buffer.concat([SESSION, header]) }
      const { json, rest } = splitPayload(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, frame.slice(9))))
      return { ...JSON.parse(json), rest }
    }),
  )
}

function collectIn(frames: ArrayBuffer[]): (record: Uint8Array<ArrayBuffer>) => void {
  return (record) => void frames.push(record.buffer)
}

async function start(
  limits = { jsonBytes: 4_000_000, blobBytes: 1000 },
): Promise<{ batcher: CallBatcher; frames: ArrayBuffer[]; errors: unknown[] }> {
  const frames: ArrayBuffer[] = []
  const errors: unknown[] = []
  const seal = createRecordSealer(await importKey(), SESSION, collectIn(frames))
  return { batcher: new CallBatcher(seal, limits, (error) => errors.push(error)), frames, errors }
}

describe("a sealer", () => {
  test("seals frames that the Core opens, and they leave in the order of their seq, however long each takes", async () => {
    const frames: ArrayBuffer[] = []
    const seal = createRecordSealer(await importKey(), SESSION, collectIn(frames))
    const sizes = [2_000_000, 0, 500_000, 1, 1_000_000, 2]
    await Promise.all(sizes.map((size) => seal('{"blobs":[]}', [new Uint8Array(size)])))
    assert.deepEqual(
      (await open(frames)).map(({ rest }) => rest.length),
      sizes,
    )
  })

  test("hands a frame on although an engine finishes it last", async () => {
    const frames: ArrayBuffer[] = []
    const { subtle } = crypto
    const encrypt = subtle.encrypt
    let sealed = 0
    subtle.encrypt = async (...args) => {
      const delay = sealed++ === 0 ? 20 : 0
      await new Promise((resolve) => setTimeout(resolve, delay))
      return encrypt.apply(subtle, args)
    }
    try {
      const seal = createRecordSealer(await importKey(), SESSION, collectIn(frames))
      await Promise.all([1, 2, 3].map((n) => seal(`{"logs":[${n}],"blobs":[]}`, [])))
    } finally {
      subtle.encrypt = encrypt
    }
    assert.deepEqual(
      (await open(frames)).map(({ logs }) => logs),
      [[1], [2], [3]],
    )
  })

  test("that cannot seal says so", async () => {
    const key = await crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["decrypt"])
    await assert.rejects(createRecordSealer(key, SESSION, () => {})("{}", []))
  })
})

describe("a batcher", () => {
  test("puts what comes up in one turn into one frame, each kind in its list, in order", async () => {
    const { batcher, frames } = await start()
    batcher.call({ tuple: '[1,"a",{}]', blob: null })
    batcher.rejected([2, "b", "HOOK_REFUSED", 'no "b"'])
    batcher.call({ tuple: '[3,"c",null,null]', blob: Uint8Array.of(5, 6) })
    batcher.log(["warn", "text\n"])
    batcher.call({ tuple: '[4,"d",null,null]', blob: Uint8Array.of(7) })
    queueMicrotask(() => batcher.call({ tuple: '[5,"e",{}]', blob: null }))
    await settle()
    const [first, second, ...more] = await open(frames)
    assert.deepEqual(first, {
      calls: [
        [1, "a", {}],
        [3, "c", null, null, 0],
        [4, "d", null, null, 1],
      ],
      refused: [[2, "b", "HOOK_REFUSED", 'no "b"']],
      logs: [["warn", "text\n"]],
      blobs: [2, 1],
      rest: Uint8Array.of(5, 6, 7),
    })
    assert.deepEqual(second?.calls, [[5, "e", {}]])
    assert.equal(more.length, 0)
  })

  test("splits what is too much for one frame, and loses nothing", async () => {
    const { batcher, frames } = await start({ jsonBytes: 3000, blobBytes: 1000 })
    for (let id = 0; id < 50; id++) batcher.call({ tuple: `[${id},"${"é".repeat(150)}",{}]`, blob: null })
    await settle()
    const opened = await open(frames)
    assert.ok(opened.length > 5)
    assert.deepEqual(
      opened.flatMap(({ calls }) => calls?.map(([id]) => id)),
      Array.from({ length: 50 }, (_, id) => id),
    )
    for (const frame of frames) assert.ok(frame.byteLength < 3000 + 25 + 4)
  })

  test("splits raw arguments, too, and numbers them anew", async () => {
    const { batcher, frames } = await start()
    for (const [id, size] of [400, 600, 1, 1000, 0].entries())
      batcher.call({ tuple: `[${id},"a",null,null]`, blob: new Uint8Array(size) })
    await settle()
    assert.deepEqual(
      (await open(frames)).map(({ calls, blobs }) => [calls?.map((call) => call[4]), blobs]),
      [
        [
          [0, 1],
          [400, 600],
        ],
        [[0], [1]],
        [
          [0, 1],
          [1000, 0],
        ],
      ],
    )
  })

  for (const size of [1, 256 * 1024 - 1, 256 * 1024, 1_000_000]) {
    test(`seals a raw argument of ${size} bytes as it was when the hook returned, whatever is written to it later`, async () => {
      const { batcher, frames } = await start({ jsonBytes: 3000, blobBytes: 4_000_000 })
      const whole = new Uint8Array(size + 2).fill(7)
      batcher.call({ tuple: '[1,"a",{}]', blob: null })
      batcher.call({ tuple: '[2,"b",null,null]', blob: whole.subarray(1, size + 1) })
      whole.fill(9)
      batcher.call({ tuple: '[3,"c",{}]', blob: null })
      assert.ok(batcher.isWaiting)
      await settle()
      const opened = await open(frames)
      assert.deepEqual(
        opened.flatMap(({ calls }) => calls?.map(([id]) => id)),
        [1, 2, 3],
      )
      const rest = Buffer.concat(opened.map((frame) => frame.rest))
      assert.deepEqual([rest.length, rest.every((byte) => byte === 7)], [size, true])
    })
  }

  test("says so when a frame cannot even be laid out", async () => {
    const { batcher, frames, errors } = await start()
    batcher.call({ tuple: '[1,"a",null,null]', blob: { length: 1, slice: () => ({ length: 2 ** 53 }) } as never })
    await settle()
    assert.deepEqual([frames.length, errors.length], [0, 1])
  })

  test("says so when sealing fails", async () => {
    const errors: unknown[] = []
    const key = await crypto.subtle.importKey("raw", KEY, "AES-GCM", false, ["decrypt"])
    new CallBatcher(
      createRecordSealer(key, SESSION, () => {}),
      { jsonBytes: 1000, blobBytes: 1 },
      (error) => errors.push(error),
    ).log(["log", "a"])
    await settle()
    assert.equal(errors.length, 1)
  })
})
