import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { access, only, READ, type Setting } from "./capability-access.fixture.ts"

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
