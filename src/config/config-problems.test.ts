import assert from "node:assert/strict"
import { writeFileSync } from "node:fs"
import { test } from "node:test"
import { readConfig } from "./config.ts"
import { file, problemsOf, testAcceptance, testRefusals } from "./refusals.fixture.ts"

testRefusals([
  [
    "an identifier that is missing",
    { identifier: undefined },
    "VALUE_MISSING",
    "identifier",
    /found nothing, expected .*org\.example/,
  ],
  ["an identifier that is no name for a file", { identifier: "a/b" }, "VALUE_INVALID", "identifier", /found "a\/b"/],
  ["an identifier of dots", { identifier: ".." }, "VALUE_INVALID", "identifier", /found "\.\."/],
  ["a productName that is no string", { productName: 7 }, "VALUE_INVALID", "productName", /found 7, expected a string/],
  [
    "a version that is none",
    { version: "1.2" },
    "VALUE_INVALID",
    "version",
    /found "1\.2", expected a semantic version/,
  ],
  [
    "a version from a file without one",
    { version: "tauri.conf.json" },
    "VALUE_INVALID",
    "version",
    /no semantic version/,
  ],
  ["an app that is a list", { app: [] }, "VALUE_INVALID", "app", /found an empty list, expected an object/],
  [
    "a frontendDist that does not exist",
    { build: { frontendDist: "../no" } },
    "FOLDER_MISSING",
    "build.frontendDist",
    /resolves to .*no, which does not exist/,
  ],
  [
    "a frontendDist that is a file",
    { build: { frontendDist: "tauri.conf.json" } },
    "FOLDER_MISSING",
    "build.frontendDist",
    /is a file, not a folder/,
  ],
  ["a frontendDist that is empty", { build: { frontendDist: "" } }, "VALUE_INVALID", "build.frontendDist", /found ""/],
  [
    "a frontendDist that is a URL",
    { build: { frontendDist: "https://example.org" } },
    "VALUE_INVALID",
    "build.frontendDist",
    /serves the frontend itself/,
  ],
  [
    "a frontendDist that is a list",
    { build: { frontendDist: ["a", "b"] } },
    "VALUE_INVALID",
    "build.frontendDist",
    /found a list of 2/,
  ],
  [
    "a devUrl without a scheme",
    { build: { devUrl: "localhost:5173" } },
    "VALUE_INVALID",
    "build.devUrl",
    /expected the http or https URL/,
  ],
  [
    "a devUrl of another scheme",
    { build: { devUrl: "file:///x" } },
    "VALUE_INVALID",
    "build.devUrl",
    /found "file:\/\/\/x"/,
  ],
  ["a misspelt section", { app: { securty: {} } }, "KEY_UNKNOWN", "app.securty", /did you mean "security"\?/],
  ["a misspelt root key", { prodctName: "x" }, "KEY_UNKNOWN", "prodctName", /did you mean "productName"\?/],
  [
    "a misspelt sallyport",
    { plugins: { salyport: {} } },
    "KEY_UNKNOWN",
    "plugins.salyport",
    /did you mean "sallyport"\?/,
  ],
  [
    "a misspelt limits",
    { plugins: { sallyport: { limit: {} } } },
    "KEY_UNKNOWN",
    "plugins.sallyport.limit",
    /did you mean "limits"\?/,
  ],
  [
    "any unknown key among Sallyport's own",
    { plugins: { sallyport: { color: 1 } } },
    "KEY_UNKNOWN",
    "plugins.sallyport.color",
    /expected "limits"/,
  ],
  [
    "a pattern in the wrong place",
    { app: { pattern: {} } },
    "KEY_UNKNOWN",
    "app.pattern",
    /belongs at "app\.security\.pattern"/,
  ],
  ["the configuration of Tauri 1", { tauri: { pattern: {} } }, "KEY_UNKNOWN", "tauri", /belongs at "app"/],
  [
    "a key that is given in both spellings",
    { build: { devUrl: "http://a", "dev-url": "http://b" } },
    "KEY_TWICE",
    "build.dev-url",
    /says again what "devUrl" says/,
  ],
])

testAcceptance([
  ["a key of Tauri's that Sallyport reads elsewhere", { build: { windows: {} } }],
  [
    "a key that Tauri's schema knows",
    { bundle: {}, mainBinaryName: "x", app: { trayIcon: {}, macOSPrivateApi: true } },
  ],
  ["a key that may be newer than this list", { build: { turbo: true }, app: { theme: "dark" } }],
  ["other plugins, whatever they hold", { plugins: { fs: { limit: 1 }, pattern: 1, store: null } }],
  ["null where Tauri allows it", { productName: null, version: null, build: { devUrl: null, frontendDist: null } }],
])

test("reports all problems at once, in the same order every time", async () => {
  const config = {
    identifier: "",
    plugins: { sallyport: { limits: { nesting: 0 } } },
    app: { windows: [{ label: "!" }], security: { patern: 1, csp: 1 } },
    build: { devUrl: 1 },
  }
  const paths = [
    "identifier",
    "build.devUrl",
    "app.security.patern",
    "app.security.csp",
    "app.windows[0].label",
    "plugins.sallyport.limits.nesting",
  ]
  for (let run = 0; run < 3; run++)
    assert.deepEqual(
      (await problemsOf(config)).map(({ path }) => path),
      paths,
    )
})

test("says every problem in one message, each with its file and place", async () => {
  writeFileSync(file, JSON.stringify({ identifier: "a", productName: 1, version: 2 }))
  await assert.rejects(readConfig(file), {
    name: "ConfigError",
    message: [
      "The configuration has 2 problems:",
      `  ${file}: productName: found 1, expected a string`,
      `  ${file}: version: found 2, expected a semantic version ("1.2.3") or the path of a package.json that has one`,
    ].join("\n"),
  })
})

test("shortens a value that is too long to show", async () => {
  const [problem] = await problemsOf({ identifier: "a", version: "x".repeat(10_000) })
  assert.ok(problem !== undefined)
  assert.ok(problem.message.length < 250)
})

test("refuses a file that is no object", async () => {
  for (const [text, found] of [
    ["[]", "an empty list"],
    ["null", "null"],
    ['"x"', '"x"'],
  ] as const) {
    writeFileSync(file, text)
    await assert.rejects(readConfig(file), {
      message: new RegExp(`the whole file: found ${found}, expected an object`),
    })
  }
})

test("refuses a file that is nested deeper than anything can walk through, and says so", async () => {
  writeFileSync(file, `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`)
  await assert.rejects(readConfig(file), /is nested more than 200 levels deep: expected a configuration/)
})
