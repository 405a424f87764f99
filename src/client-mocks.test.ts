import assert from "node:assert/strict"
import { afterEach, before, describe, test } from "node:test"
import { invoke } from "@tauri-apps/api/core"
import { emit, listen } from "@tauri-apps/api/event"
import { clearMocks, mockConvertFileSrc, mockIPC, mockWindows } from "@tauri-apps/api/mocks"
import { getCurrentWindow } from "@tauri-apps/api/window"
import { createClient } from "./client.ts"
import { command } from "./core/command.ts"

const commands = { add: command((args) => Number(args)) }

/** A frontend's own tests run in Node, with no browser, no Core and nothing of Sallyport but its client. */
describe("Tauri's mocks in Node", () => {
  before(() => {
    Object.defineProperty(globalThis, "window", { value: { crypto }, configurable: true })
  })
  afterEach(() => clearMocks())

  test("answer calls, of invoke() and of Sallyport's client alike", async () => {
    mockIPC((cmd, args) => {
      const { a, b } = args as { a: number; b: number }
      return cmd === "add" ? a + b : undefined
    })
    assert.equal(await invoke("add", { a: 12, b: 15 }), 27)
    assert.equal(await createClient<typeof commands>().add({ a: 1, b: 2 }), 3)
  })

  test("reject with what the mock throws", async () => {
    mockIPC(() => {
      throw new Error("no")
    })
    await assert.rejects(createClient<typeof commands>().add({}), /^Error: no$/)
  })

  test("carry events, where a test asks for it", async () => {
    mockIPC(() => {}, { shouldMockEvents: true })
    const heard: unknown[] = []
    const unlisten = await listen("news", ({ payload }) => heard.push(payload))
    await emit("news", { a: 1 })
    unlisten()
    await emit("news", { a: 2 })
    assert.deepEqual(heard, [{ a: 1 }])
  })

  test("stand in for windows and files", async () => {
    mockWindows("second", "main")
    assert.equal(getCurrentWindow().label, "second")
    mockConvertFileSrc("windows")
    const { convertFileSrc } = await import("@tauri-apps/api/core")
    assert.equal(convertFileSrc("C:\\a b"), "http://asset.localhost/C%3A%5Ca%20b")
  })

  test("are gone when they are cleared: a call says what is missing", async () => {
    mockIPC(() => 1)
    clearMocks()
    await assert.rejects(async () => createClient<typeof commands>().add({}), /no app behind it/)
  })
})
