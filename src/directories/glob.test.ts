import assert from "node:assert/strict"
import { test } from "node:test"
import { type Comparison, escapeGlob, GlobText } from "../glob/glob-text.ts"
import { type GlobPart, matchGlob, RECURSIVE } from "./glob.ts"

const PLAIN: Comparison = { fold: (text) => text, literalLeadingDot: true }
const DOTS: Comparison = { ...PLAIN, literalLeadingDot: false }
const FOLDED: Comparison = { ...PLAIN, fold: (text) => text.toLowerCase() }

const partsOf = (pattern: string): GlobPart[] =>
  pattern.split("/").map((part) => (part === RECURSIVE ? RECURSIVE : new GlobText(part)))

const matches = (pattern: string, path: string, how = PLAIN): boolean =>
  matchGlob(partsOf(pattern), path === "" ? [] : path.split("/"), how).matches

const ROWS: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
  ["a", ["a"], ["", "b", "aa", "a/a", "A"]],
  ["*", ["a", "a.b"], ["a/b", ".a", ""]],
  ["a/*", ["a/b"], ["a", "a/b/c", "a/.b"]],
  ["a/**", ["a/b", "a/b/c"], ["a", "b/a", "a/.b", "a/b/.c", "a/.b/c"]],
  ["a/**/d", ["a/d", "a/b/d", "a/b/c/d"], ["a", "a/b", "a/.b/d", "d"]],
  ["**", ["a", "a/b"], ["", ".a"]],
  ["**/.git/**", [".git/a", "a/.git/b"], [".git", "git/a"]],
  ["**/**/x", ["x", "a/x", "a/b/x"], ["a"]],
  ["*.txt", ["a.txt", "b.c.txt"], [".txt", "a.txt.gz", "a/b.txt"]],
  [".*", [".a", "."], ["a"]],
  ["a*b*c", ["abc", "a--b--c", "abcbc"], ["ab", "acb", "abcd"]],
  ["?b", ["ab", "€b", "😀b"], ["b", "aab", ".b"]],
  ["[abc]", ["a", "c"], ["d", "ab", ""]],
  ["[a-c]x", ["ax", "cx"], ["dx", "-x"]],
  ["[!a-c]x", ["dx", "-x"], ["ax", ".x"]],
  ["[]]", ["]"], ["["]],
  ["[!]]", ["a"], ["]"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[*][?][[]", ["*?["], ["abc"]],
  ["{a,b}", ["{a,b}"], ["a", "b"]],
  ["+(a)", ["+(a)"], ["a", "aa"]],
  ["!a", ["!a"], ["b"]],
  ["a\\b", ["a\\b"], ["ab"]],
]

for (const [pattern, yes, no] of ROWS)
  test(`${pattern} matches what it says, component by component`, () => {
    for (const path of yes) assert.equal(matches(pattern, path), true, `should match ${path}`)
    for (const path of no) assert.equal(matches(pattern, path), false, `should not match ${path}`)
  })

for (const [pattern, expected] of [
  ["a**", /must stand alone between separators/],
  ["***", /must stand alone between separators/],
  ["[a", /is never closed/],
  ["[!]", /is never closed/],
  ["[]", /is never closed/],
  ["[c-a]", /its end comes first/],
] as const)
  test(`${pattern} is an error that says what is wrong with it`, () => {
    assert.throws(() => new GlobText(pattern), expected)
  })

test("wildcards take a leading dot where that is wanted, and letters of both cases where the platform does", () => {
  assert.equal(matches("**", "a/.b/c", DOTS), true)
  assert.equal(matches("*/?b", ".a/.b", DOTS), true)
  assert.equal(matches("Notes/[a-c]", "nOTES/B", FOLDED), true)
  assert.equal(matches("Notes/[A-C]", "nOTES/b", FOLDED), true)
})

test("any name can be escaped", () => {
  for (const name of ["a*b", "[x]", "?", "]", "a-b", "[!a]", "**"]) {
    assert.equal(matches(escapeGlob(name), name), true, name)
    assert.equal(new GlobText(escapeGlob(name)).literal, name)
  }
})

test("says whether something below a path could match", () => {
  const below = (pattern: string, path: string): boolean =>
    matchGlob(partsOf(pattern), path === "" ? [] : path.split("/"), PLAIN).mayMatchBelow
  assert.equal(below("a/b/c", "a"), true)
  assert.equal(below("a/b/c", "a/b"), true)
  assert.equal(below("a/b/c", "a/b/c"), false)
  assert.equal(below("a/*/c", "a/x"), true)
  assert.equal(below("a/**", "a/b"), true)
  assert.equal(below("**/c", "x/y"), true)
  assert.equal(below("a/b", "x"), false)
})

test("a name that would keep a backtracking matcher busy for ever is compared", () => {
  assert.equal(matches(`${"*a".repeat(50)}b`, "a".repeat(255)), false)
  assert.equal(matchGlob(partsOf(`${"**/a/".repeat(20)}b`), Array<string>(2000).fill("a"), PLAIN).matches, false)
})
