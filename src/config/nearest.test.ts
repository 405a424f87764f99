import assert from "node:assert/strict"
import { test } from "node:test"
import { nearest } from "./nearest.ts"

const candidates = ["pattern", "csp", "devCsp", "freezePrototype", "use", "x"]

const rows: readonly [promise: string, word: string, meant: string | null][] = [
  ["a letter that is missing", "patern", "pattern"],
  ["a letter too many", "patttern", "pattern"],
  ["a wrong letter", "pattarn", "pattern"],
  ["neighbors that changed places count as one mistake", "cps", "csp"],
  ["another way of writing two words", "dev_csp", "devCsp"],
  ["other capitals", "freezeprototype", "freezePrototype"],
  ["of two that are near, the nearer", "devcsq", "devCsp"],
  ["nothing for a word that is like no other", "assetProtocol", null],
  ["nothing for a short word with every letter wrong", "y", null],
  ["nothing for no word", "", null],
]

for (const [promise, word, meant] of rows) {
  test(`finds ${promise}`, () => assert.equal(nearest(word, candidates), meant))
}

test("takes the first of two that are equally near", () => {
  assert.equal(nearest("cat", ["bat", "hat"]), "bat")
  assert.equal(nearest("cat", ["hat", "bat"]), "hat")
})

test("never takes a word that differs in more than three letters, however long it is", () => {
  assert.equal(nearest("abcdefghijklmnoWXY", ["abcdefghijklmnopqr"]), "abcdefghijklmnopqr")
  assert.equal(nearest("abcdefghijklmnWXYZ", ["abcdefghijklmnopqr"]), null)
})
