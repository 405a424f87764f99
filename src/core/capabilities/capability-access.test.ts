import assert from "node:assert/strict"
import { describe, test } from "node:test"
import type { PluginPermission } from "../plugin.ts"
import type { Capability } from "./capability.ts"
import { CapabilityAccess } from "./capability-access.ts"
import { type Grants, resolveGrants } from "./grants.ts"
import { Manifest, type Permission } from "./manifest.ts"
import { Manifests } from "./manifests.ts"

const origin = { file: "/app/capabilities/main.json", path: "permissions[0]" }

/** An entry as it stands in a capability. */
type Entry = string | { readonly identifier: string; readonly allow?: unknown[]; readonly deny?: unknown[] }

interface Written extends Partial<Pick<Capability, "identifier" | "local" | "platforms">> {
  readonly windows?: readonly string[]
  readonly webviews?: readonly string[]
  readonly permissions: readonly Entry[]
}

/** A capability for the window "main", unless it says otherwise. */
function capability({ windows, webviews, permissions, ...rest }: Written): Capability {
  const patterns = (list: readonly string[]) => list.map((pattern) => ({ pattern, origin }))
  return {
    identifier: "the-capability",
    local: true,
    platforms: null,
    ...rest,
    windows: patterns(windows ?? (webviews === undefined ? ["main"] : [])),
    webviews: patterns(webviews ?? []),
    permissions: permissions.map((entry) => {
      const { identifier, allow = [], deny = [] } = typeof entry === "string" ? { identifier: entry } : entry
      return { identifier, scope: { allow, deny }, origin }
    }),
  }
}

const FS: Readonly<Record<string, PluginPermission>> = {
  default: { permissions: ["read-all", "scope-app"] },
  "read-all": { commands: { allow: ["read_file", "read_dir"] } },
  "scope-app": { scope: { allow: ["$APP"], deny: ["$APP/secret"] } },
  "a-reader": { commands: { allow: ["read_file"] } },
  "read-more": { permissions: ["read-home"] },
  scope: {},
  "read-home": { commands: { allow: ["read_file"] }, scope: { allow: ["$HOME"] } },
  loop: { permissions: ["loop", "allow-read-dir"] },
  borrows: { permissions: ["core:event:allow-listen", "opener:default"] },
  broken: { permissions: ["nonsense"] },
}

interface Setting {
  readonly capabilities: readonly Written[]
  /** The app's own permissions; `undefined`: it declares none. */
  readonly declared?: Readonly<Record<string, Partial<Permission>>>
}

function resolve({ capabilities, declared = {} }: Setting): { manifests: Manifests; grants: Grants } {
  const own = Object.entries(declared).map(([identifier, permission]) => {
    const none = {
      commands: { allow: [], deny: [] },
      scope: { allow: [], deny: [] },
      permissions: null,
      platforms: null,
    }
    return [identifier, { ...none, ...permission }] as const
  })
  const event = Manifest.ofPlugin("event", ["listen", "unlisten", "emit", "emit_to"], {
    default: { permissions: ["allow-listen", "allow-unlisten"] },
  })
  const manifests = new Manifests([
    Manifest.ofApp(["read_note", "writeNote"], new Map(own)),
    Manifest.ofCore([event]),
    event,
    Manifest.ofPlugin("window", ["title", "set_title"], { default: { permissions: ["allow-title"] } }),
    Manifest.ofPlugin("fs", ["read_file", "read_dir", "remove"], FS),
    Manifest.ofPlugin("bare", ["run"]),
  ])
  return { manifests, grants: resolveGrants(capabilities.map(capability), manifests, "linux") }
}

function access(setting: Setting): CapabilityAccess {
  const { manifests, grants } = resolve(setting)
  assert.deepEqual(grants.problems, [])
  return new CapabilityAccess(manifests, grants, setting.declared !== undefined || grants.namesApp)
}

const only = (...permissions: Entry[]): Setting => ({ capabilities: [{ permissions }] })

const READ = "plugin:fs|read_file"

describe("a command is", () => {
  const rows: readonly (readonly [promise: string, Setting, command: string, window: string, allowed: boolean])[] = [
    ["denied where nothing is granted", { capabilities: [] }, READ, "main", false],
    ["allowed by its own permission", only("fs:allow-read-file"), READ, "main", true],
    ["denied with the permission of another", only("fs:allow-read-dir"), READ, "main", false],
    ["denied in a window that is not named", only("fs:allow-read-file"), READ, "other", false],
    ["allowed by a set", only("fs:default"), "plugin:fs|read_dir", "main", true],
    ["denied when the set leaves it out", only("fs:default"), "plugin:fs|remove", "main", false],
    ["allowed by a set that is in itself", only("fs:loop"), "plugin:fs|read_dir", "main", true],
    ["allowed by core:default, where a default has it", only("core:default"), "plugin:event|listen", "main", true],
    ["denied with core:default, where none has it", only("core:default"), "plugin:event|emit", "main", false],
    ["allowed by a plugin's default of core", only("core:window:default"), "plugin:window|title", "main", true],
    [
      "denied when it sets and only getters are granted",
      only("core:window:default"),
      "plugin:window|set_title",
      "main",
      false,
    ],
    ["allowed by a setter's permission", only("core:window:allow-set-title"), "plugin:window|set_title", "main", true],
    ["allowed by a permission that a set borrows", only("fs:borrows"), "plugin:event|listen", "main", true],
    ["denied with the default of a plugin without one", only("bare:default"), "plugin:bare|run", "main", false],
    ["denied when a plugin has no such command", only("fs:default"), "plugin:fs|nonsense", "main", false],
    ["denied when there is no such plugin", only("fs:default"), "plugin:nonsense|read_file", "main", false],
    ["denied when it is no name of a plugin's command", only("fs:default"), "plugin:fs", "main", false],
    [
      "allowed in a window that a pattern matches",
      { capabilities: [{ windows: ["edit-*"], permissions: ["fs:default"] }] },
      READ,
      "edit-1",
      true,
    ],
    [
      "denied in one that it does not match",
      { capabilities: [{ windows: ["edit-*"], permissions: ["fs:default"] }] },
      READ,
      "main",
      false,
    ],
    [
      "allowed by the label of its webview",
      { capabilities: [{ webviews: ["main"], permissions: ["fs:default"] }] },
      READ,
      "main",
      true,
    ],
    [
      "denied when no window is named",
      { capabilities: [{ windows: [], permissions: ["fs:default"] }] },
      READ,
      "main",
      false,
    ],
    [
      "denied when it is for remote pages only",
      { capabilities: [{ local: false, permissions: ["fs:default"] }] },
      READ,
      "main",
      false,
    ],
    [
      "allowed on a platform that is named",
      { capabilities: [{ platforms: ["windows", "linux"], permissions: ["fs:default"] }] },
      READ,
      "main",
      true,
    ],
    [
      "denied on one that is not",
      { capabilities: [{ platforms: ["macOS"], permissions: ["fs:default"] }] },
      READ,
      "main",
      false,
    ],
    ["denied by one deny", only("fs:allow-read-file", "fs:deny-read-file"), READ, "main", false],
    [
      "denied by a deny for another window",
      { capabilities: [{ permissions: ["fs:default"] }, { windows: ["other"], permissions: ["fs:deny-read-file"] }] },
      READ,
      "main",
      false,
    ],
    [
      "denied by a deny for remote pages",
      { capabilities: [{ permissions: ["fs:default"] }, { local: false, permissions: ["fs:deny-read-file"] }] },
      READ,
      "main",
      false,
    ],
    [
      "allowed when the deny is for another platform",
      { capabilities: [{ permissions: ["fs:default"] }, { platforms: ["macOS"], permissions: ["fs:deny-read-file"] }] },
      READ,
      "main",
      true,
    ],
    ["allowed when the deny is for another command", only("fs:default", "fs:deny-read-dir"), READ, "main", true],
    ["allowed when it is the app's, and none of those is named", only("fs:default"), "read_note", "other", true],
    ["allowed when it is the app's, none named and not there", only("fs:default"), "nonsense", "main", true],
    ["allowed when it is the app's and named", only("allow-read-note"), "read_note", "main", true],
    ["denied when it is the app's and another window's", only("allow-read-note"), "read_note", "other", false],
    ["denied when it is the app's and another is named", only("allow-read-note"), "writeNote", "main", false],
    [
      "denied when it is nobody's and a command of the app is named",
      only("allow-read-note"),
      "nonsense",
      "main",
      false,
    ],
    ["allowed by its name in its own letters", only("allow-writeNote"), "writeNote", "main", true],
    ["denied when it is the app's and only denies are named", only("deny-read-note"), "writeNote", "main", false],
    [
      "denied when the app declares permissions and grants none",
      { capabilities: [], declared: {} },
      "read_note",
      "main",
      false,
    ],
    [
      "allowed by a permission that the app declares",
      {
        capabilities: [{ permissions: ["reads"] }],
        declared: { reads: { commands: { allow: ["read_note"], deny: [] } } },
      },
      "read_note",
      "main",
      true,
    ],
    [
      "denied when the app's permission is for another platform",
      {
        capabilities: [{ permissions: ["reads"] }],
        declared: { reads: { commands: { allow: ["read_note"], deny: [] }, platforms: ["macOS"] } },
      },
      "read_note",
      "main",
      false,
    ],
    [
      "allowed by a set of the app's that reaches into a plugin",
      {
        capabilities: [{ permissions: ["all"] }],
        declared: { all: { permissions: ["fs:default", "allow-read-note"] } },
      },
      READ,
      "main",
      true,
    ],
    [
      "decided by what the app declares under the name of its own permission",
      {
        capabilities: [{ permissions: ["allow-read-note"] }],
        declared: { "allow-read-note": { commands: { allow: ["writeNote"], deny: [] } } },
      },
      "read_note",
      "main",
      false,
    ],
  ]
  for (const [promise, setting, command, window, allowed] of rows)
    test(promise, () => {
      const judge = access(setting)
      assert.equal(judge.judge(command, window).allowed, allowed)
      assert.equal(judge.judge(command, window).allowed, allowed, "and when it is asked again")
    })
})

describe("a scope is", () => {
  const rows: readonly (readonly [promise: string, Setting, command: string, allow: unknown[], deny: unknown[]])[] = [
    ["empty when nothing gives one", only("fs:allow-read-file"), READ, [], []],
    ["what the permission says", only("fs:read-home"), READ, ["$HOME"], []],
    [
      "what the capability adds",
      only({ identifier: "fs:read-home", allow: [{ path: "a" }], deny: [null] }),
      READ,
      [{ path: "a" }, "$HOME"],
      [null],
    ],
    [
      "all of several permissions'",
      only({ identifier: "fs:allow-read-file", allow: [1] }, { identifier: "fs:read-all", allow: [2], deny: [3] }),
      READ,
      [1, 2],
      [3],
    ],
    [
      "no other command's",
      only("fs:allow-read-dir", { identifier: "fs:allow-read-file", allow: [1] }),
      "plugin:fs|read_dir",
      [],
      [],
    ],
    ["for all commands of a plugin, of a permission without any", only("fs:default"), READ, ["$APP"], ["$APP/secret"]],
    ["no other plugin's", only("fs:default", "core:default"), "plugin:event|listen", [], []],
    [
      "for all commands of the app, of its permission without any",
      {
        capabilities: [{ permissions: ["allow-read-note", "notes"] }],
        declared: { notes: { scope: { allow: ["notes"], deny: [] } } },
      },
      "read_note",
      ["notes"],
      [],
    ],
    [
      "not what another window's capability allows",
      {
        capabilities: [
          { permissions: ["fs:allow-read-file"] },
          { windows: ["other"], permissions: ["fs:read-home", { identifier: "fs:scope-app", allow: ["all"] }] },
        ],
      },
      READ,
      [],
      // A deny is for everybody.
      ["$APP/secret"],
    ],
    [
      "not what is allowed to remote pages, but what is denied",
      {
        capabilities: [
          { permissions: ["fs:allow-read-file"] },
          { local: false, permissions: ["fs:read-home", "fs:scope-app"] },
        ],
      },
      READ,
      [],
      ["$APP/secret"],
    ],
    [
      "not what is said of a command that is denied",
      only("fs:allow-read-file", { identifier: "fs:deny-read-dir", allow: [1], deny: [2] }),
      READ,
      [],
      [],
    ],
    [
      "for all commands, of a permission that says nothing itself",
      only("fs:allow-read-file", { identifier: "fs:scope", allow: [1] }),
      READ,
      [1],
      [],
    ],
    [
      "given to what is in a set, not to the plugin",
      only({ identifier: "fs:loop", allow: [1] }, "fs:allow-read-file"),
      READ,
      [],
      [],
    ],
  ]
  for (const [promise, setting, command, allow, deny] of rows)
    test(promise, () =>
      assert.deepEqual(access(setting).judge(command, "main"), { allowed: true, scope: { allow, deny } }),
    )

  test("nobody's to change", () => {
    const judgement = access(only("fs:default")).judge(READ, "main")
    assert.ok(judgement.allowed)
    assert.throws(() => (judgement.scope.allow as unknown[]).push("/"), TypeError)
  })
})

describe("a denial says", () => {
  const rows: readonly (readonly [what: string, Setting, command: string, window: string, message: string])[] = [
    [
      "which permissions would allow it, the command's own first",
      { capabilities: [] },
      READ,
      "main",
      "fs.read_file not allowed. Permissions associated with this command: fs:allow-read-file, fs:default, fs:a-reader, " +
        'fs:read-all, fs:read-home, …. No window has any: add one to a capability whose "windows" match "main"',
    ],
    [
      "which windows have it",
      {
        capabilities: [
          { permissions: ["core:event:default"] },
          { webviews: ["edit-*"], permissions: ["core:default"] },
        ],
      },
      "plugin:event|listen",
      "other",
      'event.listen not allowed on window "other", webview "other", URL: local; allowed on: [windows: "main", URL: local], ' +
        '[windows: "edit-*", URL: local], referenced by: capability: the-capability, permission: core:event:allow-listen || ' +
        "capability: the-capability, permission: core:event:allow-listen. Permissions associated with this command: " +
        'core:event:allow-listen, core:event:default: add one to a capability whose "windows" match "other"',
    ],
    [
      "what denies it",
      only("fs:default", "fs:deny-read-file"),
      READ,
      "main",
      "fs.read_file explicitly denied on origin local: a deny holds for every window, " +
        "referenced by: capability: the-capability, permission: fs:deny-read-file",
    ],
    [
      "the app's command by its name",
      only("allow-writeNote"),
      "read_note",
      "main",
      "read_note not allowed. Permissions associated with this command: allow-read-note. " +
        'No window has any: add one to a capability whose "windows" match "main"',
    ],
    [
      "that there is no such command",
      only("fs:default"),
      "plugin:fs|rm",
      "main",
      "fs.rm not allowed. Command not found",
    ],
    [
      "that there is no such plugin",
      only("fs:default"),
      "plugin:opener|open_url",
      "main",
      "opener.open_url not allowed. Plugin not found",
    ],
    ["that the app has none", only("allow-read-note"), "rm", "main", "rm not allowed. Command not found"],
    [
      "no more of a name than somebody reads",
      only("allow-read-note"),
      "x".repeat(1e6),
      "main",
      `${"x".repeat(79)}… not allowed. Command not found`,
    ],
  ]
  for (const [what, setting, command, window, message] of rows)
    test(what, () => assert.deepEqual(access(setting).judge(command, window), { allowed: false, message }))
})

describe("a capability that names", () => {
  const rows: readonly (readonly [
    what: string,
    Entry | Written,
    found: string,
    expected: RegExp,
    candidate: string | null,
  ])[] = [
    [
      "a permission that a plugin does not have",
      "fs:allow-raed-file",
      "fs:allow-raed-file",
      /^a permission of the plugin "fs"$/,
      "fs:allow-read-file",
    ],
    [
      "a permission that core does not have",
      "core:allow-listen",
      "core:allow-listen",
      /of the plugin "core"$/,
      "core:default",
    ],
    [
      "one that the app does not have",
      "allow-delete-note",
      "allow-delete-note",
      /of the app: allow-<command>/,
      "deny-writeNote",
    ],
    ["a default that the app does not have", "default", "default", /of the app/, null],
    ["a set with one that there is not", "fs:broken", "fs:nonsense", /\(it is in the set "fs:broken"\)$/, "fs:default"],
    [
      "one of Tauri's own plugins without core",
      "event:default",
      "event:default",
      /^"core:event:default": the plugin "event" is one of Tauri's own$/,
      null,
    ],
    ["a pattern that is none", { windows: ["a**"], permissions: [] }, "a**", /must stand alone/, null],
  ]
  for (const [what, written, found, expected, candidate] of rows)
    test(`${what} is a problem, and where`, () => {
      const isCapability = typeof written === "object" && "permissions" in written
      const { grants } = resolve(isCapability ? { capabilities: [written] } : only(written))
      const [problem, ...more] = grants.problems
      assert.deepEqual([problem?.found, problem?.origin, more], [found, origin, []])
      assert.match(problem?.expected ?? "", expected)
      assert.ok(candidate === null || problem?.candidates.includes(candidate))
    })

  test("a plugin that the app does not have grants nothing, and is no problem", () => {
    const { grants } = resolve(only("opener:default", "fs:borrows"))
    assert.deepEqual(grants.problems, [])
    assert.deepEqual(
      grants.missing.map(({ plugin, permission }) => [plugin, permission]),
      [
        ["opener", "opener:default"],
        ["opener", "opener:default"],
      ],
    )
  })

  test("what there is on another platform only is no problem", () => {
    const permissions = ["opener:default", "fs:nonsense", "allow-vibrate"]
    const { grants } = resolve({ capabilities: [{ platforms: ["iOS"], permissions }] })
    assert.deepEqual([grants.problems, grants.missing], [[], []])
  })

  test("a command of Tauri's that the app does not have is no problem", () =>
    assert.deepEqual(resolve(only("core:window:allow-set-effects")).grants.problems, []))
})

test("of windows that a page made up, no more is remembered than there is room for", () => {
  const judge = access(only("fs:default"))
  for (let index = 0; index < 3000; index++) {
    assert.equal(judge.judge(READ, `made-up-${index}`).allowed, false)
    assert.ok(judge.windowsRemembered <= 1024)
  }
  assert.equal(judge.judge(READ, "main").allowed, true)
})
