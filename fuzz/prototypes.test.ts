import assert from "node:assert/strict"
import { test } from "node:test"
import { readNames } from "./read-names.ts"
import type { Pollution } from "./targets/pollution.ts"
import { noCallAppears, nothingChanges } from "./targets/prototypes.ts"
import { NODE_FAILS } from "./targets/prototypes-names.ts"

/** Names at once: one that changes a decision does so in company, too, and is looked for then. */
const AT_ONCE = 150

const NAMES = readNames()

/** The first of the names that changes something, with what it changes. */
async function find(pollution: Pollution): Promise<string | null> {
  try {
    await nothingChanges(pollution)
    return null
  } catch (error) {
    const { names } = pollution
    if (names.length === 1) return `${names[0]}: ${(error as Error).message}`
    const half = Math.ceil(names.length / 2)
    return (
      (await find({ ...pollution, names: names.slice(0, half) })) ??
      (await find({ ...pollution, names: names.slice(half) })) ??
      `${names.join(", ")}, together: ${(error as Error).message}`
    )
  }
}

test("the names that the source reads are found, the known ones among them", () => {
  for (const name of ["calls", "hook", "refused", "logs", "blobs", "judgedAs", "headers", "options", "3", "4"])
    assert.ok(NAMES.includes(name), name)
  assert.ok(NAMES.length > 1000, `${NAMES.length} names`)
})

for (const [prototype, value] of [
  ["Object", "a list of calls"],
  ["Object", "a call as it is received"],
  ["Object", "a granted command's name"],
  ["Object", "options with headers"],
  ["Object", "a command's name"],
  ["Object", "true"],
  ["Object", "null"],
  ["Array", "a call"],
] as const)
  test(`each name on ${prototype}.prototype as ${value}: no decision changes, and no call appears`, async () => {
    const names = NAMES.filter((name) => !NODE_FAILS.has(name))
    for (let at = 0; at < names.length; at += AT_ONCE)
      assert.equal(await find({ prototype, names: names.slice(at, at + AT_ONCE), value, isAccessor: false }), null)
  })

for (const name of NODE_FAILS)
  test(`"${name}", with which Node itself fails, may stop the Core: no call appears`, async () => {
    for (const value of ["a list of calls", "a command's name", "a function"])
      for (const prototype of ["Object", "Array"] as const)
        await nothingChanges({ prototype, names: [name], value, isAccessor: false })
  })

for (const [name, value] of [
  ["calls", "a list of calls"],
  ["0", "a call as it is received"],
  ["callback", "a call"],
] as const)
  test(`an accessor "${name}" on Object.prototype, ${value}: no call appears`, () =>
    noCallAppears({ prototype: "Object", names: [name], value, isAccessor: true }))
