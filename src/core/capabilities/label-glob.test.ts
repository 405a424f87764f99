import assert from "node:assert/strict"
import { test } from "node:test"
import { labelGlob } from "./label-glob.ts"

const MATCHES: readonly (readonly [pattern: string, label: string, matches: boolean])[] = [
  ["main", "main", true],
  ["main", "Main", false],
  ["main", "main2", false],
  ["main", "amain", false],
  ["main", "", false],
  ["", "", true],
  ["", "a", false],
  ["*", "main", true],
  ["*", "", true],
  ["**", "a/b", true],
  ["*", "a/b", true],
  ["editor-*", "editor-", true],
  ["editor-*", "editor-1/2", true],
  ["editor-*", "editor", false],
  ["*-settings", "a-settings-settings", true],
  ["*-settings", "a-settings-", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a*b*c", "ab", false],
  ["note-?", "note-1", true],
  ["note-?", "note-", false],
  ["note-?", "note-12", false],
  ["note-?", "note-ü", true],
  ["note-?", "note-𝔫", true],
  ["note-[1-3]", "note-2", true],
  ["note-[1-3]", "note-4", false],
  ["note-[!1-3]", "note-4", true],
  ["note-[!1-3]", "note-2", false],
  ["note-[!1-3]", "note-", false],
  ["[abc]", "b", true],
  ["[a-]", "-", true],
  ["[]]", "]", true],
  ["[!]]", "]", false],
  ["[[]x", "[x", true],
  // Nothing else means more than itself.
  ["{a,b}", "a", false],
  ["{a,b}", "{a,b}", true],
  ["!main", "other", false],
  ["+(a)", "aa", false],
  ["(a|b)", "a", false],
  ["a.c", "abc", false],
  ["\\*", "*", false],
  [".*", "main", false],
]

for (const [pattern, label, expected] of MATCHES)
  test(`"${pattern}" ${expected ? "matches" : "does not match"} "${label}"`, () =>
    assert.equal(labelGlob(pattern)(label), expected))

for (const [pattern, says] of [
  ["a**", /must stand alone/],
  ["**/a", /must stand alone/],
  ["***", /must stand alone/],
  ["[a", /is never closed/],
  ["[]", /is never closed/],
  ["[!]", /is never closed/],
] as const)
  test(`"${pattern}" is no pattern`, () => assert.throws(() => labelGlob(pattern), says))

test("a name that nearly matches costs no more than pattern times label", () => {
  // With a backtracking regular expression this takes longer than the machine lasts.
  assert.equal(labelGlob(`${"*a".repeat(30)}b`)("a".repeat(3000)), false)
})
