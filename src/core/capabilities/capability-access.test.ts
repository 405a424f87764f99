import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { access, only, READ, type Setting } from "./capability-access.fixture.ts"

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

test("of windows that a page made up, no more is remembered than there is room for", () => {
  const judge = access(only("fs:default"))
  for (let index = 0; index < 3000; index++) {
    assert.equal(judge.judge(READ, `made-up-${index}`).allowed, false)
    assert.ok(judge.windowsRemembered <= 1024)
  }
  assert.equal(judge.judge(READ, "main").allowed, true)
})
