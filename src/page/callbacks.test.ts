import assert from "node:assert/strict"
import { afterEach, describe, mock, test } from "node:test"
import { Callbacks } from "./callbacks.ts"

afterEach(() => mock.restoreAll())

describe("callbacks", () => {
  test("have ids that are u32s, all different, and get what they are run with", () => {
    const callbacks = new Callbacks()
    const heard: unknown[] = []
    const ids = Array.from({ length: 1000 }, (_, n) => callbacks.register((data) => heard.push([n, data])))
    assert.equal(new Set(ids).size, 1000)
    assert.ok(ids.every((id) => Number.isInteger(id) && id >= 0 && id <= 0xffff_ffff))
    callbacks.run(ids[7] as number, "a")
    assert.deepEqual(heard, [[7, "a"]])
  })

  test("never get an id that is taken (P19)", () => {
    const draws = [5, 5, 5, 6]
    mock.method(crypto, "getRandomValues", (array: Uint32Array) => {
      array[0] = draws.shift() as number
      return array
    })
    const callbacks = new Callbacks()
    assert.deepEqual([callbacks.register(), callbacks.register()], [5, 6])
  })

  test("that run once are gone before they run, so that they may be run from inside", () => {
    const callbacks = new Callbacks()
    const warned = mock.method(console, "warn", () => {})
    let count = 0
    const id = callbacks.register(() => {
      count++
      callbacks.run(id, null)
    }, true)
    callbacks.run(id, null)
    callbacks.run(id, null)
    assert.equal(count, 1)
    assert.equal(warned.mock.callCount(), 2)
  })

  test("that are unknown or gone are a warning that names them, and nothing else", () => {
    const callbacks = new Callbacks()
    const warned = mock.method(console, "warn", () => {})
    const id = callbacks.register(() => assert.fail())
    callbacks.unregister(id)
    callbacks.unregister(id)
    callbacks.run(id, null)
    callbacks.run(-1, null)
    assert.match(String(warned.mock.calls[0]?.arguments[0]), new RegExp(`Couldn't find callback id ${id}`))
    assert.equal(warned.mock.callCount(), 2)
  })

  test("that throw stop nobody: what they threw is reported as uncaught", async () => {
    const callbacks = new Callbacks()
    const uncaught: unknown[] = []
    // The test runner listens itself: what is meant here must not fail the test.
    const listeners = process.listeners("uncaughtException")
    process.removeAllListeners("uncaughtException")
    process.once("uncaughtException", (error) => uncaught.push(error))
    const error = new Error("no")
    callbacks.run(
      callbacks.register(() => {
        throw error
      }),
      null,
    )
    await new Promise((resolve) => setTimeout(resolve, 5))
    for (const listener of listeners) process.on("uncaughtException", listener)
    assert.deepEqual(uncaught, [error])
  })

  test("may be no function at all", () => {
    const callbacks = new Callbacks()
    callbacks.run(callbacks.register(undefined), 1)
  })
})
