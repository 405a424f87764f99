import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { readTarget } from "./event-target.ts"
import { type EventReceiver, Events } from "./events.ts"

const ANY = readTarget(undefined)

class Receiver implements EventReceiver {
  readonly label: string
  keepsUp = true
  readonly heard: unknown[] = []

  constructor(label: string) {
    this.label = label
  }

  sendEvent(event: string, json: string, ids: readonly number[]): void {
    this.heard.push([event, json, ids])
  }
}

const events = (log: (line: string) => void = assert.fail): Events => new Events(log)

describe("events", () => {
  test("reach all listeners of a page in one message, in the order in which they listened", () => {
    const all = events()
    const page = new Receiver("main")
    for (const id of [3, 1, 2]) all.listen(page, "a", id, ANY)
    all.listen(page, "b", 4, ANY)
    all.emit("a", { n: 1 }, ANY)
    assert.deepEqual(page.heard, [["a", '{"n":1}', [3, 1, 2]]])
  })

  test("meant for one window are not sent to another's pages, whatever they listen to (P18)", () => {
    for (const kind of ["AnyLabel", "Window", "Webview", "WebviewWindow"]) {
      const all = events()
      const [own, spy] = [new Receiver("main"), new Receiver("spy")]
      for (const [id, target] of [undefined, "main", { kind: "Window", label: "main" }, { kind: "Any" }].entries()) {
        all.listen(own, "a", id, readTarget(target))
        all.listen(spy, "a", id, readTarget(target))
      }
      all.emit("a", 1, readTarget({ kind, label: "main" }))
      assert.equal(own.heard.length, 1)
      assert.deepEqual(spy.heard, [])
    }
  })

  test("about a window reach who listens to that window, wherever, and no AnyLabel listener", () => {
    const all = events()
    const [own, other] = [new Receiver("main"), new Receiver("other")]
    all.listen(own, "tauri://resize", 1, readTarget({ kind: "Window", label: "main" }))
    all.listen(other, "tauri://resize", 2, readTarget({ kind: "Window", label: "main" }))
    all.listen(other, "tauri://resize", 3, readTarget("main"))
    all.listen(other, "tauri://resize", 4, readTarget({ kind: "Window", label: "other" }))
    all.emit("tauri://resize", null, readTarget({ kind: "Window", label: "main" }), { about: true })
    assert.deepEqual(own.heard, [["tauri://resize", "null", [1]]])
    assert.deepEqual(other.heard, [["tauri://resize", "null", [2]]])
  })

  test("are not heard after unlistening, or when the page is gone; a callback that listens twice hears once (P19)", () => {
    const all = events()
    const [page, twin] = [new Receiver("main"), new Receiver("main")]
    all.listen(page, "a", 1, ANY)
    all.listen(page, "a", 1, readTarget("main"))
    all.listen(page, "a", 2, ANY)
    all.listen(twin, "a", 1, ANY)
    all.unlisten(page, "a", 2)
    all.unlisten(page, "b", 1)
    all.emit("a", 1, ANY)
    assert.deepEqual(page.heard, [["a", "1", [1]]])
    all.forget(page)
    all.emit("a", 2, ANY)
    assert.equal(page.heard.length, 1)
    assert.deepEqual(twin.heard, [
      ["a", "1", [1]],
      ["a", "2", [1]],
    ])
  })

  test("of a page are not heard by a window that does not keep up; all others hear them, and the emitter is told", () => {
    const all = events()
    const [slow, quick] = [new Receiver("slow"), new Receiver("quick")]
    const heard: unknown[] = []
    for (const page of [slow, quick]) all.listen(page, "a", 1, ANY)
    all.handle("a", ANY, ({ payload }) => heard.push(payload))
    slow.keepsUp = false
    assert.throws(() => all.emit("a", 1, ANY, { source: "quick" }), /the window "slow" does not keep up/)
    all.emit("a", 2, ANY)
    assert.deepEqual([slow.heard.length, quick.heard.length, heard], [1, 2, [1, 2]])
  })

  test("of no payload have null, and a payload that is no JSON is the emitter's error", () => {
    const all = events()
    const page = new Receiver("main")
    const heard: unknown[] = []
    all.listen(page, "a", 1, ANY)
    all.handle("a", ANY, (event) => heard.push(event))
    all.emit("a", undefined, ANY)
    assert.deepEqual(page.heard, [["a", "null", [1]]])
    assert.deepEqual(heard, [{ event: "a", payload: null, source: null }])
    assert.throws(() => all.emit("a", 1n, ANY), TypeError)
    assert.equal(page.heard.length + heard.length, 2)
  })

  test("are at most 10,000 listeners a page; another page still may, and unlistening makes room", () => {
    const all = events()
    const page = new Receiver("main")
    for (let id = 0; id < 10_000; id++) all.listen(page, `e${id % 100}`, id, ANY)
    assert.throws(() => all.listen(page, "a", 10_000, ANY), /at most 10000 listeners/)
    all.listen(new Receiver("main"), "a", 1, ANY)
    all.unlisten(page, "e0", 0)
    all.listen(page, "a", 10_000, ANY)
    all.forget(page)
    all.listen(page, "a", 1, ANY)
  })

  test("that are for others cost nothing: a page that listens ten thousand times in vain does not hold up the Core", () => {
    const all = events()
    const page = new Receiver("main")
    let looks = 0
    const elsewhere = {
      kind: "Window",
      get label() {
        looks++
        return "nobody"
      },
    } as const
    for (let id = 0; id < 100; id++) all.listen(page, "a", id, elsewhere)
    all.listen(page, "a", 100, ANY)
    looks = 0
    for (const target of ["main", { kind: "Webview", label: "main" }, { kind: "App" }])
      all.emit("a", 1, readTarget(target))
    all.hasOwnListener("a", "main")
    all.unlisten(page, "a", 7)
    assert.equal(looks, 0)
    assert.equal(page.heard.length, 3)
  })
})

describe("the Core's listeners", () => {
  test("that throw, at once or later, are logged and stop nobody", async () => {
    const logged: string[] = []
    const all = events((line) => logged.push(line))
    const heard: unknown[] = []
    all.handle("a", ANY, () => {
      throw new Error("at once")
    })
    all.handle("a", ANY, async () => {
      throw new Error("later")
    })
    const end = all.handle("a", ANY, ({ payload }) => heard.push(payload))
    all.emit("a", 1, ANY)
    end()
    end()
    all.emit("a", 2, ANY)
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(heard, [1])
    assert.deepEqual(logged.sort(), [
      'a listener for "a" threw: at once',
      'a listener for "a" threw: at once',
      'a listener for "a" threw: later',
      'a listener for "a" threw: later',
    ])
  })

  test("know which window an event comes from", () => {
    const all = events()
    const sources: unknown[] = []
    all.handle("a", { kind: "App" }, ({ source }) => sources.push(source))
    all.emit("a", 1, ANY, { source: "main" })
    all.emit("a", 1, { kind: "App" })
    all.emit("a", 1, readTarget("main"), { source: "main" })
    assert.deepEqual(sources, ["main", null])
  })
})
