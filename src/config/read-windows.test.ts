import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { readWindowOptions } from "./config.ts"
import { problemsOf, testAcceptance, testRefusals } from "./refusals.fixture.ts"

const windows = (...value: unknown[]) => ({ app: { windows: value } })

testRefusals([
  ["a misspelt window key", windows({ lable: "x" }), "KEY_UNKNOWN", "app.windows[0].lable", /did you mean "label"\?/],
  [
    "windows that are no list",
    { app: { windows: {} } },
    "VALUE_INVALID",
    "app.windows",
    /found an object, expected a list of windows/,
  ],
  ["a window that is a string", windows("main"), "VALUE_INVALID", "app.windows[0]", /found "main", expected an object/],
  [
    "a label outside of the alphabet",
    windows({ label: "a b" }),
    "VALUE_INVALID",
    "app.windows[0].label",
    /found "a b"/,
  ],
  ["an empty label", windows({ label: "" }), "VALUE_INVALID", "app.windows[0].label", /found ""/],
  [
    "a label that is given twice",
    windows({ label: "a" }, { label: "a" }),
    "LABEL_TWICE",
    "app.windows[1]",
    /has the label "a" of app\.windows\[0\]/,
  ],
  ["a second window without a label", windows({}, {}), "LABEL_TWICE", "app.windows[1]", /has the label "main"/],
  ["a title that is no string", windows({ title: null }), "VALUE_INVALID", "app.windows[0].title", /found null/],
  ["a width of 0", windows({ width: 0 }), "VALUE_INVALID", "app.windows[0].width", /above 0/],
  ["a height that is a string", windows({ height: "600" }), "VALUE_INVALID", "app.windows[0].height", /found "600"/],
  ["a create that is no switch", windows({ create: 1 }), "VALUE_INVALID", "app.windows[0].create", /found 1/],
])

testAcceptance([
  ["a window key that resembles one that is read", windows({ titleBarStyle: "Visible", minWidth: -1, x: 1 })],
  ["a window without a file ending", windows({ url: "settings/users?tab=1#x" })],
])

const leaving = [
  "https://example.org/",
  "http://localhost:5173/",
  "//example.org/",
  "//a.invalid/",
  "http://a.invalid/",
  "//user@example.org/",
  "/\\example.org/",
  "\\\\example.org",
  "/\t/example.org/",
  "javascript:alert(1)",
  "data:text/html,x",
  "tauri://localhost",
  "/__sallyport__/open",
  "a/../__sallyport__/ipc",
]

for (const url of leaving) {
  test(`refuses a window on ${JSON.stringify(url)}, which is no page of the app`, async () => {
    const [problem, ...others] = await problemsOf(windows({ url }))
    assert.deepEqual([problem?.code, problem?.path, others], ["VALUE_INVALID", "app.windows[0].url", []])
  })
}

describe("a window as a page describes it", () => {
  const ORIGIN = "http://localhost:1234"
  const read = (options: unknown) => readWindowOptions(options, ORIGIN)

  test("is one of the configuration, where null says nothing", () => {
    const { window, ignored } = read({
      label: "a",
      title: "A",
      url: "/b?c#d",
      width: 5,
      height: null,
      x: null,
      alwaysOnTop: true,
      focus: false,
    })
    assert.deepEqual(window, { label: "a", title: "A", url: "/b?c#d", width: 5, height: 600, create: true })
    assert.deepEqual(ignored, ["alwaysOnTop", "focus"])
  })

  test("may have an address of the app in full", () =>
    assert.equal(read({ label: "a", url: `${ORIGIN}/b?c#d` }).window.url, "/b?c#d"))

  for (const [options, says] of [
    [{ label: "a b" }, /^Error: options\.label: found "a b", expected a label/],
    [{ label: "a", width: "5", title: 5 }, /options\.title: found 5.*; options\.width: found "5"/],
    [
      { label: "a", url: "http://localhost:1235/" },
      /options\.url: a window of the app shows pages of the app, and http:\/\/localhost:1235\/ is none/,
    ],
    [{ label: "a", url: "javascript:0" }, /shows pages of the app/],
    [{ label: "a", url: `${ORIGIN}/__sallyport__/open` }, /options\.url: found "\/__sallyport__\/open"/],
    [{ label: "a", url: "\\\\example.org" }, /options\.url: found/],
    [{ label: "a", lable: "b" }, /options\.lable: no such key; did you mean "label"/],
  ] as const)
    test(`${JSON.stringify(options)} is none`, () =>
      assert.throws(
        () => read(options),
        (error: unknown) => says.test(String(error)),
      ))

  for (const options of [null, [], "main", 5, undefined])
    test(`${JSON.stringify(options)} says nothing`, () => assert.equal(read(options).window.label, "main"))

  test("lends nothing from a prototype", () => {
    const options = JSON.parse(`{ "label": "a", "__proto__": { "url": "/evil" } }`)
    assert.equal(read(options).window.url, "index.html")
  })
})
