import assert from "node:assert/strict"
import { test } from "node:test"
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
