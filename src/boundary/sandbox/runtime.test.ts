import assert from "node:assert/strict"
import { once } from "node:events"
import { before, mock, test } from "node:test"
import { splitPayload } from "../wire/payload.ts"
import { associatedData, sealNonce } from "../wire/sealing.ts"
import { setHook } from "./realm.fixture.ts"

const PARENT = "http://localhost:1"
const LIMITS = { jsonBytes: 100_000, blobBytes: 1000, nesting: 20, hookTimeoutMs: 10_000 }
const KEY = Array.from({ length: 32 }, (_, index) => 100 + index)

/** What the runtime posts to its parent, and to the page over the port. */
const posted: { message: unknown; origin: unknown; ports: MessagePort[] }[] = []
const said: unknown[] = []
const frames: ArrayBuffer[] = []
const seen: unknown[] = []
/** Frames that had left when the page was told that the hook is in place. */
let sealedBeforeReady: number
let port: MessagePort
const listeners = new Map<string, () => void>()

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** As the isolation document does it: the data element, the runtime, then the isolation app, then `load`. */
before(async () => {
  const data = { session: Array(16).fill(1), key: KEY, label: "main", limits: LIMITS, parent: PARENT }
  Object.defineProperty(globalThis, "navigator", { value: { vendor: "" } })
  Object.assign(globalThis, {
    document: { getElementById: () => ({ text: JSON.stringify(data), remove: () => {} }) },
    parent: {
      postMessage: (message: unknown, origin: unknown, ports: MessagePort[]) => posted.push({ message, origin, ports }),
    },
    addEventListener: (name: string, listener: () => void) => void listeners.set(name, listener),
  })
  await import("./runtime.ts")
  port = posted[0]?.ports[0] as MessagePort
  port.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) return void frames.push(data)
    if (said.push(JSON.parse(data as string)) === 1) sealedBeforeReady = frames.length
  }
  setHook((call: { cmd: string; payload: unknown }) => {
    seen.push(call.cmd, call.payload)
    return call
  })
})

test("the port goes to the app's page alone, and not to whoever holds the frame", () => {
  assert.deepEqual(
    posted.map(({ message, origin }) => [message, origin]),
    [["sallyport-port", PARENT]],
  )
})

test("nothing is taken before the document has loaded: its hook may not be there yet", async () => {
  port.postMessage('[[1,"early",{}]]')
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual([said, frames, seen], [[], [], []])
  listeners.get("load")?.()
  await until(() => frames.length === 2)
  assert.deepEqual(said, [{ ready: true }], "a frame says by itself that a batch has been taken")
  assert.equal(sealedBeforeReady, 0, "a page whose session never opened knows that the Core has seen none of its calls")
  const key = await crypto.subtle.importKey("raw", Uint8Array.from(KEY), "AES-GCM", false, ["decrypt"])
  const opened = frames.map(async (frame, index) => {
    const header = new Uint8Array(frame, 0, 9)
    assert.equal(header[8], index + 1)
    const iv = sealNonce(index + 1)
    const additionalData = associatedData(Uint8Array.from(Array(16).fill(1)), index + 1)
    return splitPayload(
      new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, frame.slice(9))),
    ).json
  })
  const [announcement, calls] = (await Promise.all(opened)).map((json) => JSON.parse(json))
  assert.deepEqual(
    [announcement.hook, calls.calls],
    ["function", [[1, "early", {}]]],
    "the Core hears first what the hook is",
  )
  assert.deepEqual(seen, ["early", {}])
})

test("a batch of which nothing is sealed is answered", async () => {
  const heard = said.length
  for (const batch of ["[]", "{}", "[[1]]"]) port.postMessage(batch)
  await until(() => said.length === heard + 3)
  assert.deepEqual([said.slice(heard), frames.length], [Array(3).fill({ taken: true }), 2])
})

test("the port takes texts and buffers only; whatever else comes is no call and no answer", async () => {
  const heard = frames.length
  seen.length = 0
  const { port1 } = new MessageChannel()
  for (const message of [
    [[2, "structured", {}]],
    { cmd: "structured" },
    new Uint8Array([1]),
    new Map([[2, "structured"]]),
    null,
    undefined,
    7,
    { calls: [[2, "structured", {}]], ready: true, taken: true, hook: "null" },
  ])
    port.postMessage(message)
  port.postMessage(port1, [port1])
  port.postMessage('[[3,"text",null,null,0]]')
  await until(() => frames.length > heard)
  assert.deepEqual(seen, ["text", {}])
})

test("the time that passes between two batches is not the hook's", async () => {
  const [heard, left] = [said.length, frames.length]
  const [sinceStart, sinceEpoch] = [performance.now.bind(performance), Date.now]
  const idleMs = 2 * LIMITS.hookTimeoutMs
  mock.method(performance, "now", () => sinceStart() + idleMs)
  mock.method(Date, "now", () => sinceEpoch() + idleMs)
  port.postMessage('[[9,"after a while",{}]]')
  await until(() => frames.length > left)
  mock.restoreAll()
  assert.deepEqual(said.slice(heard), [], "it is not refused")
})

test("a raw argument belongs to the batch that it came before, and to no other", async () => {
  const heard = frames.length
  seen.length = 0
  port.postMessage(Uint8Array.of(1, 2).buffer)
  port.postMessage('[[5,"has it",null,null,0]]')
  port.postMessage('[[6,"has none",null,null,0]]')
  await until(() => frames.length === heard + 2)
  assert.deepEqual(seen, ["has it", Uint8Array.of(1, 2).buffer, "has none", {}])
})

test("a raw argument that comes in parts is one, up to the limit of a raw argument", async () => {
  const heard = frames.length
  seen.length = 0
  for (const part of [3, Uint8Array.of(1, 2).buffer, Uint8Array.of(3).buffer]) port.postMessage(part)
  port.postMessage('[[10,"has it",null,null,0]]')
  for (const part of [LIMITS.blobBytes + 1, new ArrayBuffer(LIMITS.blobBytes), new ArrayBuffer(1)])
    port.postMessage(part)
  port.postMessage('[[11,"has the first",null,null,0]]')
  await until(() => frames.length === heard + 2)
  assert.deepEqual(seen, ["has it", Uint8Array.of(1, 2, 3).buffer, "has the first", new ArrayBuffer(LIMITS.blobBytes)])
})

test("a refused call is told to the page, and what is sealed about it holds no more than 200 characters of its name and 300 of the reason", async () => {
  setHook(() => {
    throw new Error("x".repeat(1000))
  })
  const [heard, left] = [said.length, frames.length]
  port.postMessage(`[[4,"${"n".repeat(1000)}",{}]]`)
  await until(() => said.length > heard)
  assert.deepEqual(said.slice(heard), [{ refused: [[4, "HOOK_REFUSED", "x".repeat(1000)]] }])
  await until(() => frames.length > left)
  const length = frames[left]?.byteLength ?? 0
  assert.ok(length > 500 && length < 700, `${length} bytes`)
})

test("the key is in nothing that leaves", async () => {
  const key = Buffer.from(KEY)
  for (const frame of frames) assert.equal(Buffer.from(frame).includes(key), false)
  assert.doesNotMatch(JSON.stringify([said, posted]), /100,101,102/)
  port.close()
  await once(port as never, "close")
})
