import assert from "node:assert/strict"
import { afterEach, describe, mock, test } from "node:test"
import { Callbacks } from "./callbacks.ts"
import { Listeners } from "./listeners.ts"

const LISTEN = "plugin:event|listen"

afterEach(() => mock.restoreAll())

/** A page that listens with `count` callbacks of its own; `heard` holds what they heard. */
async function listening(count: number): Promise<{ listeners: Listeners; ids: number[]; heard: unknown[] }> {
  const callbacks = new Callbacks()
  const listeners = new Listeners(callbacks, "main")
  const heard: unknown[] = []
  const ids: number[] = []
  for (let n = 0; n < count; n++) {
    const handler = callbacks.register((data) => heard.push(data))
    ids.push(handler)
    listeners.called(LISTEN, { event: "news", handler, target: { kind: "Any" } }, Promise.resolve(handler))
  }
  await turn()
  return { listeners, ids, heard }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** What a page asks for when it gets another session, and how that is answered. */
async function renew(
  listeners: Listeners,
  answer: () => Promise<unknown> = async () => null,
  isQueued: (result: Promise<unknown> | undefined) => boolean = () => false,
): Promise<unknown[]> {
  const asked: unknown[] = []
  listeners.renew((cmd, args) => {
    asked.push([cmd, args])
    return answer()
  }, isQueued)
  await turn()
  return asked
}

describe("a page's listeners", () => {
  test("hear with name, payload and their own id; those that are gone are passed over", async () => {
    const { listeners, ids, heard } = await listening(3)
    listeners.unregister("news", ids[1] as number)
    listeners.receive(["news", { n: 1 }, ids])
    assert.deepEqual(heard, [
      { event: "news", payload: { n: 1 }, id: ids[0] },
      { event: "news", payload: { n: 1 }, id: ids[2] },
    ])
  })

  test("listen again, as they did, in every new session", async () => {
    const { listeners, ids } = await listening(2)
    const expected = ids.map((handler) => [LISTEN, { event: "news", handler, target: { kind: "Any" } }])
    assert.deepEqual(await renew(listeners), expected)
    assert.deepEqual(await renew(listeners), expected)
  })

  test("are not asked for a second time while the first still waits for a session", async () => {
    const { listeners } = await listening(2)
    const waits: Promise<unknown>[] = []
    await renew(listeners, () => waits[waits.push(new Promise(() => {})) - 1] as Promise<unknown>)
    const [first] = waits
    assert.equal((await renew(listeners, undefined, (result) => result === first)).length, 1)
  })

  test("that have unlistened, were refused, or are gone before the answer do not", async () => {
    const { listeners, ids } = await listening(2)
    listeners.unregister("news", ids[0] as number)
    listeners.called(LISTEN, { event: "refused", handler: ids[1] }, Promise.reject(new Error("no")))
    listeners.called("plugin:event|emit", { event: "other", handler: ids[1] }, Promise.resolve())
    listeners.called(LISTEN, { event: "gone", handler: 12345 }, Promise.resolve(12345))
    listeners.called(LISTEN, null, Promise.resolve())
    await turn()
    const asked = await renew(listeners)
    assert.deepEqual(asked, [[LISTEN, { event: "news", handler: ids[1], target: { kind: "Any" } }]])
  })

  for (const code of ["CONNECTION_LOST", "SANDBOX_UNAVAILABLE"])
    test(`are kept when the next session ends, too (${code})`, async () => {
      const { listeners } = await listening(1)
      const warned = mock.method(console, "warn", () => {})
      await renew(listeners, () => Promise.reject(Object.assign(new Error("lost"), { code })))
      assert.equal(warned.mock.callCount(), 0)
      assert.equal((await renew(listeners)).length, 1)
    })

  test("that a hook refuses now hear no more, and the page is told", async () => {
    const { listeners } = await listening(1)
    const warned = mock.method(console, "warn", () => {})
    await renew(listeners, () => Promise.reject(Object.assign(new Error("not any more"), { code: "HOOK_REFUSED" })))
    assert.deepEqual(warned.mock.calls[0]?.arguments, ['"news" is not listened to any more: not any more'])
    assert.deepEqual(await renew(listeners), [])
  })
})
