import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { createAccess } from "./app-access.ts"
import { appWith } from "./config/capability-files.fixture.ts"
import { ConfigError, readConfig } from "./config/config.ts"
import type { Access } from "./core/access.ts"
import { command } from "./core/command.ts"
import type { Plugin } from "./core/plugin.ts"

const nothing = command(() => null)
const plugins: readonly Plugin[] = [
  { name: "event", setup: () => ({ commands: {} }), permissions: { default: { permissions: ["allow-listen"] } } },
  { name: "fs", setup: () => ({ commands: {} }), permissions: { default: { permissions: ["allow-read-file"] } } },
]
const pluginCommands = { "plugin:event|listen": nothing, "plugin:fs|read_file": nothing }

const read: unknown[] = []
/** As a plugin reads the values of its scopes. */
function readScope(value: unknown): void {
  read.push(value)
  if (value === "bad") throw new Error("this is no path")
}

/** What becomes of an app with these files beside its configuration. */
async function start(
  files: Readonly<Record<string, string | object>>,
  commands: readonly string[] = ["read_note"],
): Promise<{ access: Access; logged: string[]; folder: string }> {
  const folder = appWith(files)
  const logged: string[] = []
  const access = createAccess({
    config: await readConfig(folder),
    commands: Object.fromEntries(commands.map((name) => [name, nothing])),
    plugins,
    pluginCommands,
    scopeReaders: new Map([["fs", readScope]]),
    log: (line) => void logged.push(line.replace(folder, ".")),
  })
  return { access, logged, folder }
}

const grants = (...permissions: unknown[]) => ({ identifier: "main", windows: ["main"], permissions })

describe("an app says when it starts that", () => {
  const UNCHECKED =
    "./tauri.conf.json: capabilities exist, but none names a command of the app: every window may call all of them; " +
    'add "allow-read-note" to a capability, and they need a permission, each'
  for (const [what, files, logged] of [
    ["nothing is granted to anybody, where it has no capabilities", {}, []],
    [
      "its permissions are not used, where it has no capabilities",
      { "permissions/a.toml": "" },
      [
        "./tauri.conf.json: permissions/ declares permissions, but there are no capabilities: every window may call everything",
      ],
    ],
    ["every window may call its commands", { "capabilities/main.json": grants("core:default") }, [UNCHECKED]],
    ["nothing, where one of them is named", { "capabilities/main.json": grants("allow-read-note") }, []],
    ["nothing, where it declares permissions", { "capabilities/main.json": grants(), "permissions/a.toml": "" }, []],
    [
      "a plugin is missing, once",
      { "capabilities/main.json": grants("allow-read-note", "opener:default", "opener:allow-open-url", "sql:default") },
      [
        'the app has no plugin "opener": "opener:default", "opener:allow-open-url" of its capabilities grant nothing',
        'the app has no plugin "sql": "sql:default" of its capabilities grants nothing',
      ],
    ],
    [
      "a capability is for no window",
      { "capabilities/main.json": { identifier: "main", permissions: ["allow-read-note"] } },
      ['the capability "main" names no window: it grants nothing'],
    ],
    [
      "a permission is for no command",
      {
        "capabilities/main.json": grants("reads"),
        "permissions/a.toml":
          '[[permission]]\nidentifier = "reads"\ncommands.allow = ["read_note", "raed_note"]\ncommands.deny = ["nonsense"]',
      },
      [
        './permissions/a.toml: the permission "reads" is for "raed_note", which is no command of the app; did you mean "read_note"?',
        './permissions/a.toml: the permission "reads" is for "nonsense", which is no command of the app',
      ],
    ],
  ] as const)
    test(what, async () => assert.deepEqual((await start(files)).logged, logged))

  test("nothing of commands, where it has none", async () =>
    assert.deepEqual((await start({ "capabilities/main.json": grants("core:default") }, [])).logged, []))
})

describe("an app does not start when a capability names", () => {
  for (const [what, permission, says] of [
    [
      "a permission that a plugin does not have",
      "fs:allow-raed-file",
      /found "fs:allow-raed-file", expected a permission of the plugin "fs"; did you mean "fs:allow-read-file"\?$/,
    ],
    [
      "one of the app that is misspelt",
      "allow-raed-note",
      /expected a permission of the app: allow-<command> for one of its commands; did you mean "allow-read-note"\?$/,
    ],
    [
      "a plugin that is misspelt",
      "core:evnt:deny-listen",
      /the app has no plugin "core:evnt"; did you mean "core:event"\?$/,
    ],
    ["a plugin of Tauri's without core", "event:default", /expected "core:event:default"/],
  ] as const)
    test(what, async () =>
      assert.rejects(start({ "capabilities/main.json": grants("core:default", permission) }), (error) => {
        assert.ok(error instanceof ConfigError)
        assert.deepEqual(
          error.problems.map(({ code, path }) => [code, path]),
          [["VALUE_INVALID", "permissions[1]"]],
        )
        assert.match(error.problems[0]?.file ?? "", /capabilities.main\.json$/)
        assert.match(error.message, says)
        return true
      }),
    )
})

describe("capabilities in files", () => {
  test("the app's permissions in TOML, in sets, with scopes", async () => {
    const { access } = await start({
      "capabilities/a/b.toml": 'identifier = "main"\nwindows = ["main"]\npermissions = ["core:default", "default"]',
      "permissions/a/b.toml": `
        [default]
        permissions = ["notes"]
        [[set]]
        identifier = "notes"
        description = "Reads notes"
        permissions = ["reads", "fs:default"]
        [[permission]]
        identifier = "reads"
        commands.allow = ["read_note"]
        [[permission.scope.allow]]
        path = "notes/*"`,
    })
    assert.deepEqual(access.judge("read_note", "main"), {
      allowed: true,
      scope: { allow: [{ path: "notes/*" }], deny: [] },
    })
    assert.equal(access.judge("plugin:fs|read_file", "main").allowed, true)
    assert.equal(access.judge("plugin:event|listen", "main").allowed, true)
    assert.equal(access.judge("read_note", "other").allowed, false)
  })

  test("a file that lists none grants nothing, which is not the same as no file", async () => {
    const { access } = await start({ "capabilities/none.json": [] })
    assert.equal(access.judge("plugin:event|listen", "main").allowed, false)
    assert.equal((await start({})).access.judge("plugin:event|listen", "main").allowed, true)
  })

  test("what create-tauri-app writes grants what its page calls", async () => {
    const { access, logged } = await start({
      "capabilities/default.json": {
        $schema: "../gen/schemas/desktop-schema.json",
        identifier: "default",
        description: "Capability for the main window",
        windows: ["main"],
        permissions: ["core:default", "opener:default"],
      },
    })
    assert.equal(access.judge("read_note", "main").allowed, true)
    assert.equal(access.judge("plugin:event|listen", "main").allowed, true)
    assert.equal(access.judge("plugin:fs|read_file", "main").allowed, false)
    assert.equal(logged.length, 2)
  })
})

describe("the scopes of a plugin", () => {
  test("are read when the app starts, those of its own permissions, too", async () => {
    read.length = 0
    await start({
      "capabilities/main.json": grants(
        { identifier: "fs:allow-read-file", allow: ["a"], deny: [{ path: "b" }] },
        { identifier: "core:event:default", allow: ["no path"] },
      ),
    })
    assert.deepEqual([...new Set(read.map((value) => JSON.stringify(value)))], ['"a"', '{"path":"b"}'])
  })

  test("are an error with their place when it cannot read them", async () => {
    const permission = { identifier: "fs:allow-read-file", deny: ["good", "bad"] }
    await assert.rejects(start({ "capabilities/main.json": grants(permission) }), (error) => {
      assert.ok(error instanceof ConfigError)
      const [problem] = error.problems
      assert.equal(problem?.path, "permissions[0]")
      assert.equal(problem?.message, "this is no path")
      return true
    })
    await start({ "capabilities/main.json": { ...grants(permission), platforms: ["iOS"] } })
  })
})
