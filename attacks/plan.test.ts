import assert from "node:assert/strict"
import { test } from "node:test"
import { selects } from "../scripts/selection.ts"
import { PLACES, placesOf } from "./attack.ts"
import { ATTACKS } from "./catalogue/index.ts"
import { allProofs, proofsIn } from "./plan.ts"

test("every proof of a place has a title of its own", () => {
  for (const place of PLACES) {
    const titles = proofsIn(place).map(({ title }) => title)
    assert.equal(new Set(titles).size, titles.length)
  }
})

test("the plan has every attack in every engine that it can be tried in, each with its control", () => {
  const runs = ATTACKS.flatMap((attack) => placesOf(attack).map((place) => ({ attack, place })))
  for (const isControl of [false, true])
    assert.deepEqual(
      new Set(allProofs().flatMap((proof) => (proof.isControl === isControl ? [key(proof)] : []))),
      new Set(runs.map(key)),
    )
})

test("the default run and what it leaves out are everything, and share nothing", () => {
  const proofs = allProofs()
  const byDefault = proofs.filter(({ isDefault }) => selects(isDefault, "default"))
  const leftOut = proofs.filter(({ isDefault }) => selects(isDefault, "left-out"))
  assert.deepEqual(new Set([...byDefault, ...leftOut]), new Set(proofs))
  assert.equal(byDefault.length + leftOut.length, proofs.length)
})

test("the default run tries every attack, with its control, in the first engine that it can be tried in", () => {
  const byDefault = allProofs().filter(({ isDefault }) => isDefault)
  for (const attack of ATTACKS)
    for (const isControl of [false, true])
      assert.ok(
        byDefault.some(
          (proof) => proof.attack === attack && proof.isControl === isControl && proof.place === placesOf(attack)[0],
        ),
        `${attack.id}: ${attack.name}`,
      )
})

test("the default run tries what a browser takes part in stopping in every engine", () => {
  const byDefault = new Set(allProofs().flatMap((proof) => (proof.isDefault && !proof.isControl ? [key(proof)] : [])))
  for (const attack of ATTACKS)
    if (attack.where !== "local" && attack.defence === "browser")
      for (const place of placesOf(attack)) assert.ok(byDefault.has(key({ attack, place })), key({ attack, place }))
})

test("every attack in a browser says where its defence is", () => {
  for (const attack of ATTACKS)
    if (attack.where !== "local") assert.ok(attack.defence === "core" || attack.defence === "browser", attack.name)
})

test("an attack that the Core alone stops has a control that changes nothing of the page's or the sandbox's script", () => {
  for (const attack of ATTACKS) {
    if (attack.where === "local" || attack.defence === "browser") continue
    assert.notEqual(attack.control, "brownfield", attack.name)
    for (const replacement of [attack.control].flat())
      if (replacement !== "brownfield") assert.doesNotMatch(replacement.file, /^(?:page|sandbox)\//, attack.name)
  }
})

function key({ attack, place }: { attack: { id: string; name: string }; place: string }): string {
  return `${place}: ${attack.id}: ${attack.name}`
}
