import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { appWith, listing, named, problemsIn, type Refusal, read, testRefusals } from "./capability-files.fixture.ts"
import type { Files } from "./folder.fixture.ts"

/** Identifiers of what an app with these files has. */
const identifiers = async (files: Files): Promise<readonly string[] | undefined> =>
  (await read(files)).capabilities?.map(({ identifier }) => identifier)

describe("an app has the capabilities", () => {
  const rows: readonly (readonly [promise: string, Files, expected: readonly string[] | undefined])[] = [
    ["of no file: none at all", {}, undefined],
    ["of an empty folder: none at all", { "capabilities/README.md": "# None" }, undefined],
    [
      "of files in JSON, JSON5 and TOML, at any depth",
      {
        "capabilities/a.json": named("a"),
        "capabilities/b/b.json5": "{ identifier: 'b', permissions: [], /* a comment */ }",
        "capabilities/b/c/c.toml": 'identifier = "c"\npermissions = []',
      },
      ["a", "b", "c"],
    ],
    ["of a list", { "capabilities/all.json": [named("a"), named("b")] }, ["a", "b"]],
    ["of a list under a name", { "capabilities/all.json": { capabilities: [named("a"), named("b")] } }, ["a", "b"]],
    ["of a list of tables", { "capabilities/all.toml": '[[capabilities]]\nidentifier = "a"\npermissions = []' }, ["a"]],
    [
      "in the order of their files",
      { "capabilities/z.json": named("z"), "capabilities/b/x.json": named("x") },
      ["x", "z"],
    ],
    ["of an empty list: it grants nothing", { "capabilities/none.json": [] }, []],
    ["but not of a folder named schemas", { "capabilities/schemas/schema.json": "no capability" }, undefined],
    [
      "that are listed, and no other",
      { ...listing("b", named("c")), "capabilities/all.json": [named("a"), named("b")] },
      ["b", "c"],
    ],
    ["that are listed, where there are no files", listing(named("a")), ["a"]],
    ["of all files, where the list is empty", { ...listing(), "capabilities/a.json": named("a") }, ["a"]],
    [
      "that stand in the list, not one of that name in a file",
      { ...listing(named("a")), "capabilities/a.json": named("a") },
      ["a"],
    ],
    ["whatever Bad_Id they are named", { "capabilities/a.json": named("Bad_Id") }, ["Bad_Id"]],
    ["with keys that nobody knows", { "capabilities/a.json": named("a", { $schema: "x", note: 1 }) }, ["a"]],
  ]
  for (const [promise, files, expected] of rows)
    test(promise, async () => assert.deepEqual(await identifiers(files), expected))

  test("with all that stands in them", async () => {
    const { capabilities } = await read({
      "capabilities/a.toml": `
        identifier = "a"
        description = "All of it"
        local = false
        windows = ["main", "edit-*"]
        webviews = ["side"]
        platforms = ["linux", "iOS"]
        permissions = ["core:default", { identifier = "fs:allow-read-file", allow = [{ path = "a" }, 1, [true]], deny = ["b"] }]
        [remote]
        urls = ["https://*.example.org"]`,
    })
    const [capability] = capabilities ?? []
    assert.deepEqual(
      capability?.windows.map(({ pattern }) => pattern),
      ["main", "edit-*"],
    )
    assert.deepEqual(
      capability?.webviews.map(({ pattern }) => pattern),
      ["side"],
    )
    assert.deepEqual([capability?.local, capability?.platforms], [false, ["linux", "iOS"]])
    assert.deepEqual(
      capability?.permissions.map(({ identifier, scope, origin }) => [identifier, scope, origin.path]),
      [
        ["core:default", { allow: [], deny: [] }, "permissions[0]"],
        ["fs:allow-read-file", { allow: [{ path: "a" }, 1, [true]], deny: ["b"] }, "permissions[1].identifier"],
      ],
    )
  })

  test("with scopes that nothing changes", async () => {
    const { capabilities } = await read(
      listing(named("a", { permissions: [{ identifier: "b", allow: [{ path: ["c"] }] }] })),
    )
    const path = capabilities?.[0]?.permissions[0]?.scope.allow[0] as { path: string[] }
    assert.throws(() => path.path.push("/"), TypeError)
  })
})

const A = "capabilities/a.json"
const permitting = (...permissions: unknown[]) => named("a", { permissions })

describe("a capability is refused that", () => {
  testRefusals([
    ["is no JSON", A, "{\n  ,", "SYNTAX", null, /^line 2, column 3: invalid character/],
    [
      "is no TOML",
      "capabilities/a.toml",
      'identifier = "a"\nwindows = [',
      "SYNTAX",
      null,
      /^line 2, column \d+: .+: expected TOML$/,
    ],
    ["is no object", A, "true", "VALUE_INVALID", "the whole file", /found true, expected a capability: an object/],
    ["is nothing in a list", A, [null], "VALUE_INVALID", "[0]", /found null, expected a capability/],
    [
      "is in no list",
      A,
      { capabilities: named("a") },
      "VALUE_INVALID",
      "capabilities",
      /found an object, expected a list of capabilities/,
    ],
    ["has no identifier", A, { permissions: [] }, "VALUE_MISSING", "identifier", /found nothing, expected a name/],
    ["has an empty identifier", A, named(""), "VALUE_INVALID", "identifier", /found ""/],
    [
      "has an identifier that cannot even be turned into a text: found by fuzzing",
      A,
      { identifier: [{ toString: "" }], permissions: [] },
      "VALUE_INVALID",
      "identifier",
      /found a list of 1, expected a name/,
    ],
    [
      "has the identifier of another",
      A,
      [named("a"), named("a")],
      "IDENTIFIER_TWICE",
      "[1]",
      /has the identifier "a" of \[0\] in .*a\.json: give it one of its own/,
    ],
    [
      "has no permissions",
      A,
      { identifier: "a" },
      "VALUE_MISSING",
      "permissions",
      /found nothing, expected a list of permissions/,
    ],
    [
      "has permissions that are no list",
      A,
      named("a", { permissions: "core:default" }),
      "VALUE_INVALID",
      "permissions",
      /found "core:default", expected a list/,
    ],
    [
      "has a key that is nearly right",
      A,
      named("a", { platfroms: [] }),
      "KEY_UNKNOWN",
      "platfroms",
      /did you mean "platforms"\?/,
    ],
    [
      "has windows that are no list",
      A,
      named("a", { windows: "main" }),
      "VALUE_INVALID",
      "windows",
      /found "main", expected a list of window labels/,
    ],
    [
      "has a window that is no text",
      A,
      named("a", { windows: [1] }),
      "VALUE_INVALID",
      "windows[0]",
      /found 1, expected the label of a window/,
    ],
    [
      "has a webview that is no text",
      A,
      named("a", { webviews: [null] }),
      "VALUE_INVALID",
      "webviews[0]",
      /found null/,
    ],
    ["is neither local nor not", A, named("a", { local: "yes" }), "VALUE_INVALID", "local", /expected true or false/],
    [
      "is remote without an object",
      A,
      named("a", { remote: "https://a" }),
      "VALUE_INVALID",
      "remote",
      /expected an object/,
    ],
    [
      "has a URL that is none",
      A,
      named("a", { remote: { urls: [1] } }),
      "VALUE_INVALID",
      "remote.urls[0]",
      /expected a URL pattern/,
    ],
    [
      "has a platform that is none",
      A,
      named("a", { platforms: ["macos"] }),
      "VALUE_INVALID",
      "platforms[0]",
      /found "macos", expected "linux", "macOS".*did you mean "macOS"\?/,
    ],
    [
      "has a permission that is no text",
      A,
      permitting(1),
      "VALUE_INVALID",
      "permissions[0]",
      /found 1, expected a permission/,
    ],
    [
      "has a permission by its command",
      A,
      permitting("fs:allow-read_file"),
      "VALUE_INVALID",
      "permissions[0]",
      /did you mean "fs:allow-read-file"\?/,
    ],
    [
      "has a permission by its package",
      A,
      permitting("tauri-plugin-fs:default"),
      "VALUE_INVALID",
      "permissions[0]",
      /expected a permission, as "fs:allow-read-file"/,
    ],
    ...["", ":a", "a:", "a:b:c", "-a", "a-", "a:-b", "ä", "a b", "a".repeat(117)].map(
      (identifier): Refusal => [
        `has the permission "${identifier}"`,
        A,
        permitting(identifier),
        "VALUE_INVALID",
        "permissions[0]",
        /expected a permission/,
      ],
    ),
    [
      "has a permission without identifier",
      A,
      permitting({ allow: [] }),
      "VALUE_MISSING",
      "permissions[0].identifier",
      /found nothing/,
    ],
    [
      "has a scope that is nearly one",
      A,
      permitting({ identifier: "a", alow: [] }),
      "KEY_UNKNOWN",
      "permissions[0].alow",
      /did you mean "allow"\?/,
    ],
    [
      "has a scope that is no list",
      A,
      permitting({ identifier: "a", allow: "b" }),
      "VALUE_INVALID",
      "permissions[0].allow",
      /found "b", expected a list/,
    ],
    [
      "has a scope with a date",
      "capabilities/a.toml",
      'identifier = "a"\npermissions = [{ identifier = "b", deny = [{ c = 2020-01-01 }] }]',
      "VALUE_INVALID",
      "permissions[0].deny[0]",
      /expected what JSON can hold/,
    ],
    [
      "has a scope without end",
      "capabilities/a.toml",
      'identifier = "a"\npermissions = [{ identifier = "b", allow = [inf] }]',
      "VALUE_INVALID",
      "permissions[0].allow[0]",
      /expected what JSON can hold/,
    ],
    [
      "is in a file that is passed over",
      "capabilities/a.yaml",
      "",
      "UNREADABLE",
      null,
      /is not read here: name it \*\.json, \*\.json5, \*\.toml/,
    ],
    ["is in a file whose name is loud", "capabilities/A.JSON", "", "UNREADABLE", null, /is not read here/],
  ])

  test("is listed and nowhere", async () => {
    const folder = appWith({ ...listing("mian"), [A]: named("main") })
    const [problem, ...more] = await problemsIn(folder)
    assert.deepEqual([problem?.code, problem?.path, more], ["VALUE_INVALID", "app.security.capabilities[0]", []])
    assert.match(
      problem?.message ?? "",
      /found "mian", expected a capability, or the identifier of one.*did you mean "main"\?/,
    )
  })

  test("is listed twice", async () => {
    const [problem] = await problemsIn(appWith({ ...listing("a", "a"), [A]: named("a") }))
    assert.deepEqual([problem?.code, problem?.path], ["IDENTIFIER_TWICE", "app.security.capabilities[1]"])
  })
})
