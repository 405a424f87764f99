import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { reaches, readEventName, readTarget } from "./event-target.ts"

describe("a target", () => {
  for (const [value, expected] of [
    [undefined, { kind: "Any" }],
    [null, { kind: "Any" }],
    ["main", { kind: "AnyLabel", label: "main" }],
    [{ kind: "App", label: 7 }, { kind: "App" }],
    [
      { kind: "Webview", label: "", more: 1 },
      { kind: "Webview", label: "" },
    ],
  ] as const)
    test(`is read from ${JSON.stringify(value)}`, () => assert.deepEqual(readTarget(value), expected))

  for (const [value, expected] of [
    [{ kind: "Menu", label: "a" }, /unknown event target kind "Menu", expected one of Any, App, AnyLabel, Window/],
    [{ kind: "constructor" }, /unknown event target kind "constructor"/],
    [{ kind: "Window" }, /an event target of kind Window needs a label/],
    [{ kind: "Window", label: ["main"] }, /needs a label/],
    [{}, /unknown event target kind undefined/],
    [7, /unknown event target kind undefined/],
    [{ kind: "AnyLabel", label: "a".repeat(1025) }, /at most 1024 characters/],
    ["a".repeat(1025), /at most 1024 characters/],
  ] as const)
    test(`is refused: ${JSON.stringify(value).slice(0, 60)}`, () => assert.throws(() => readTarget(value), expected))

  const OF_LABEL = ["AnyLabel", "Window", "Webview", "WebviewWindow"] as const
  test("of a label reaches that kind and AnyLabel; AnyLabel reaches every kind; another label none", () => {
    for (const emitted of OF_LABEL)
      for (const listened of OF_LABEL) {
        const isReached = emitted === "AnyLabel" || listened === "AnyLabel" || emitted === listened
        assert.equal(reaches({ kind: emitted, label: "a" }, { kind: listened, label: "a" }), isReached)
        assert.equal(reaches({ kind: emitted, label: "a" }, { kind: listened, label: "b" }), false)
      }
  })

  test("Any reaches all and hears all; App is for App alone", () => {
    for (const other of [{ kind: "App" }, { kind: "Any" }, { kind: "Window", label: "a" }] as const) {
      assert.equal(reaches({ kind: "Any" }, other), true)
      assert.equal(reaches(other, { kind: "Any" }), true)
      assert.equal(reaches({ kind: "App" }, other), other.kind !== "Window")
    }
  })
})

describe("an event's name", () => {
  for (const name of ["", "a", "tauri://resize", "a-b/c:d_1", "été", "事件", "٣", "a".repeat(1024)])
    test(`may be ${JSON.stringify(name).slice(0, 40)}`, () => assert.equal(readEventName(name), name))

  for (const name of ["a b", "a.b", "a\n", "\0", "a,b", "😀", 7, null, undefined, ["a"]])
    test(`may not be ${JSON.stringify(name)}`, () =>
      assert.throws(() => readEventName(name), {
        message: "Event name must include only alphanumeric characters, `-`, `/`, `:` and `_`.",
      }))

  test("has at most 1,024 characters: a page cannot fill the Core's memory with names", () =>
    assert.throws(() => readEventName("a".repeat(1025)), /at most 1024 characters/))
})
