import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { type Entry, only, origin, resolve, type Written } from "./capability-access.fixture.ts"

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
