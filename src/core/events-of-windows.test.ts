import assert from "node:assert/strict"
import { test } from "node:test"
import { type EventReceiver, Events } from "./events.ts"

/** A page that keeps the ids of the listeners that heard. */
class Page implements EventReceiver {
  readonly label: string
  readonly keepsUp = true
  readonly heard: number[] = []
  constructor(label: string) {
    this.label = label
  }
  sendEvent(_event: string, _json: string, ids: readonly number[]): void {
    this.heard.push(...ids)
  }
}

test("what the Core tells of a window reaches all who listen to that window, whoever they are, and to any; nobody else", () => {
  const events = new Events(() => {})
  const [main, other] = [new Page("main"), new Page("other")]
  for (const page of [main, other]) {
    events.listen(page, "gone", 1, { kind: "Any" })
    events.listen(page, "gone", 2, { kind: "Window", label: "other" })
    events.listen(page, "gone", 3, { kind: "WebviewWindow", label: "other" })
    events.listen(page, "gone", 4, { kind: "Webview", label: "other" })
    events.listen(page, "gone", 5, { kind: "AnyLabel", label: "other" })
    events.listen(page, "gone", 6, { kind: "Window", label: "main" })
    events.listen(page, "gone", 7, { kind: "App" })
  }
  events.emit("gone", null, { kind: "AnyLabel", label: "other" }, { about: true })
  assert.deepEqual(
    [main.heard, other.heard],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
  )
})

test("only who listens to this very window is asked before it closes", () => {
  for (const [target, expected] of [
    [{ kind: "Window", label: "main" }, true],
    [{ kind: "WebviewWindow", label: "main" }, true],
    [{ kind: "Window", label: "other" }, false],
    [{ kind: "Webview", label: "main" }, false],
    [{ kind: "AnyLabel", label: "main" }, false],
    [{ kind: "Any" }, false],
    [{ kind: "App" }, false],
  ] as const) {
    const events = new Events(() => {})
    const page = new Page("main")
    events.listen(page, "asked", 1, target)
    assert.equal(events.hasOwnListener("asked", "main"), expected, JSON.stringify(target))
    assert.equal(events.hasOwnListener("else", "main"), false)
    events.forget(page)
    assert.equal(events.hasOwnListener("asked", "main"), false)
  }
})
