import assert from "node:assert/strict"
import { test } from "node:test"
import type { Pollution } from "./targets/pollution.ts"
import { mayStopServer, SERVER_FAILS, SERVER_NAMES } from "./targets/prototypes-names.ts"
import { APP_STEPS, servedAsBefore } from "./targets/prototypes-served.ts"

/** Names at once: one that changes an answer does so in company, too, and is looked for then. */
const AT_ONCE = 700

/** The first of the names that changes something, with what it changes. */
async function find(pollution: Pollution, from: number): Promise<string | null> {
  try {
    await servedAsBefore(pollution, from)
    return null
  } catch (error) {
    const { names } = pollution
    if (names.length === 1) return `${names[0]}: ${(error as Error).message}`
    const half = Math.ceil(names.length / 2)
    return (
      (await find({ ...pollution, names: names.slice(0, half) }, from)) ??
      (await find({ ...pollution, names: names.slice(half) }, from)) ??
      `${names.join(", ")}, together: ${(error as Error).message}`
    )
  }
}

const names = SERVER_NAMES.filter((name) => !mayStopServer(name))

test("the names that server, configuration, plugins and app read are among those that are tried", () => {
  for (const name of ["stateFolder", "hash", "open", "withFileTypes", "toScript", "closed", "insecureHTTPParser"])
    assert.ok(names.includes(name), name)
})

for (const [prototype, value] of [
  ["Object", "a list of calls"],
  ["Object", "a call as it is received"],
  ["Object", "a granted command's name"],
  ["Object", "options with headers"],
  ["Object", "true"],
  ["Object", "one"],
  ["Object", "null"],
  ["Array", "a call"],
] as const)
  for (const [when, from] of [
    ["from its start on", 0],
    ["when it has started", APP_STEPS.indexOf("launch")],
  ] as const)
    test(`an app serves the same, and no call appears, with each name on ${prototype}.prototype as ${value}, ${when}`, async () => {
      for (let at = 0; at < names.length; at += AT_ONCE)
        assert.equal(
          await find({ prototype, names: names.slice(at, at + AT_ONCE), value, isAccessor: false }, from),
          null,
        )
    })

for (const [why, failing] of SERVER_FAILS)
  test(`nothing more is served, and no call appears, with ${why}`, async () => {
    for (const value of ["true", "a list of calls"])
      await servedAsBefore({ prototype: "Object", names: failing, value, isAccessor: false })
  })

for (const name of ["0", "headers", "callback"])
  test(`nothing more is served, and no call appears, with an accessor "${name}" on Object.prototype`, () =>
    servedAsBefore({ prototype: "Object", names: [name], value: "a call", isAccessor: true }))
