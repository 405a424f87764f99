import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { before, test } from "node:test"
import { DROPPED, NEEDLESS, RENAMED, REWORDED } from "./changes.ts"
import { controlsOfToday, type Inventory, testsOfToday } from "./inventory.ts"

const old = JSON.parse(readFileSync(new URL("before.json", import.meta.url), "utf8")) as Inventory
const controls = controlsOfToday()
let today: Awaited<ReturnType<typeof testsOfToday>>

before(async () => {
  today = await testsOfToday()
})

const placesOf = (suite: string, title: string): readonly string[] => today.get(suite)?.get(title) ?? []
const titleOfToday = (suite: string, title: string): string => RENAMED[suite]?.[title] ?? title

/** Each test of a suite with one of its places. */
function listed(suite: string): { title: string; place: string }[] {
  return Object.entries(old.tests[suite] ?? {}).flatMap(([places, titles]) =>
    titles.flatMap((title) => places.split(" ").map((place) => ({ title, place }))),
  )
}

for (const suite of Object.keys(old.tests))
  test(`${suite}: each test of before is there, under its name or another, or is dropped for one that proves the same`, () => {
    const isDropped = (title: string, place: string): boolean =>
      DROPPED.some((each) => each.suite === suite && each.title === title && (each.places?.includes(place) ?? true))
    const missing = listed(suite).filter(
      ({ title, place }) => !isDropped(title, place) && !placesOf(suite, titleOfToday(suite, title)).includes(place),
    )
    assert.deepEqual(missing, [])
  })

for (const suite of Object.keys(old.controls))
  test(`${suite}: what a control switched off before, one of the same ${suite.slice(0, -1)} switches off today`, () => {
    const missing = Object.entries(old.controls[suite] ?? {}).filter(([title, offs]) => {
      const off = controls[suite]?.[titleOfToday(suite, title)] ?? []
      return !offs.every((words) => words in NEEDLESS || off.includes(REWORDED[words] ?? words))
    })
    assert.deepEqual(missing, [])
  })

test("each new title is that of a test, and each old one is in the inventory and no longer a test", () => {
  for (const [suite, titles] of Object.entries(RENAMED))
    for (const [title, now] of Object.entries(titles)) {
      assert.ok(
        listed(suite).some((each) => each.title === title),
        title,
      )
      assert.deepEqual(placesOf(suite, title), [], title)
      assert.notDeepEqual(placesOf(suite, now), [], now)
    }
})

test("what is dropped is in the inventory and no longer a test, and what proves the same is a test", () => {
  for (const { suite, title, places, provenBy } of DROPPED) {
    const before = listed(suite).flatMap((each) => (each.title === title ? [each.place] : []))
    for (const place of places ?? before) assert.ok(before.includes(place), `${title} (${place})`)
    assert.notDeepEqual(before, [], title)
    assert.ok(!placesOf(suite, title).some((place) => (places ?? before).includes(place)), title)
    assert.notDeepEqual(placesOf(...provenBy), [], provenBy.join(": "))
  }
})

test("what a control no longer switches off is one of before, and no control of today", () => {
  const wordsOf = (of: Inventory["controls"]): string[] =>
    Object.values(of).flatMap((each) => Object.values(each).flat())
  for (const words of Object.keys(NEEDLESS)) {
    assert.ok(wordsOf(old.controls).includes(words), words)
    assert.ok(!wordsOf(controls).includes(words), words)
  }
})

test("each reworded control is one of before, and its new words are those of a control", () => {
  const wordsOf = (of: Inventory["controls"]): string[] =>
    Object.values(of).flatMap((each) => Object.values(each).flat())
  for (const [words, now] of Object.entries(REWORDED)) {
    assert.ok(wordsOf(old.controls).includes(words), words)
    assert.ok(wordsOf(controls).includes(now), now)
  }
})
