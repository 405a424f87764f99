import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { access, only, READ, type Setting } from "./capability-access.fixture.ts"

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
