import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as fc from "fast-check"
import { property, type Target } from "../property.ts"
import { readNames } from "../read-names.ts"
import { jsonPollutionOf, type Pollution, polluted, pollutionOf } from "./pollution.ts"
import { NODE_FAILS, SERVER_NAMES } from "./prototypes-names.ts"
import { APP_STEPS, servedAsBefore } from "./prototypes-served.ts"
import { CORE_STEPS, coreScene, type Dirty, type Outcome, sandboxScene, smallScene } from "./prototypes-stage.ts"

const NAMES = readNames()

/** Names that are none of the source's, and some whose meaning is the language's. */
const odd = fc.constantFrom(
  "",
  "__proto__",
  "prototype",
  "__TAURI_TO_IPC_KEY__",
  "00",
  "1e3",
  "4294967294",
  "Symbol.iterator",
  "\u0000",
)
const nameOf = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: fc.constantFrom(...names), weight: 9 }, { arbitrary: odd, weight: 1 })
const name = nameOf(NAMES)
const ofServer = nameOf(SERVER_NAMES)

const clean: Dirty = (code) => code()

/** What the scenes come to on clean prototypes; made once. */
let expected: Promise<readonly [Outcome, Outcome, Outcome]> | undefined

async function outcomes(dirty: (step: number) => Dirty): Promise<readonly [Outcome, Outcome, Outcome]> {
  return [await coreScene(dirty), await sandboxScene(dirty(0)), await smallScene(dirty(0))]
}

/** Polluted from one step of the Core's scene on until another: before, during and after its start. */
export async function nothingChanges(pollution: Pollution, from = 0, until = CORE_STEPS): Promise<void> {
  expected ??= outcomes(() => clean)
  const wanted = await expected
  const dirty: Dirty = (code) => polluted(pollution, code)
  const scenes = [
    () => coreScene((step) => (step >= from && step < until ? dirty : clean)),
    () => sandboxScene(dirty),
    () => smallScene(dirty),
  ]
  const mayFail = pollution.names.some((one) => NODE_FAILS.has(one))
  for (const [index, scene] of scenes.entries()) {
    const { ran, commands, decided } = wanted[index] as Outcome
    let outcome: Outcome
    try {
      outcome = await scene()
    } catch (error) {
      if (mayFail) continue
      throw error
    }
    for (const call of outcome.commands) assert.ok(commands.includes(call), `a call appears: ${call}`)
    if (mayFail) continue
    assert.deepEqual(outcome.ran, ran, "other calls run")
    assert.deepEqual(outcome.decided, decided, "another decision")
  }
}

const CHILD = fileURLToPath(new URL("prototypes-child.ts", import.meta.url))

/** A process that hangs is stopped then: it, too, runs no call. In ms. */
const CHILD_MS = 60_000

/** With accessors the process may stop, but no call may run. */
export function noCallAppears(pollution: Pollution): void {
  const child = spawnSync(process.execPath, [CHILD, JSON.stringify(pollution)], { encoding: "utf8", timeout: CHILD_MS })
  assert.notEqual(child.status, 3, child.stderr)
}

const step = fc.nat(CORE_STEPS)
const appStep = fc.nat(APP_STEPS.length - 1)

export const prototypes: Target = {
  name: "prototypes",
  properties: [
    property(
      "a name that the source reads, on a prototype: no decision changes, and no call appears",
      fc.tuple(pollutionOf(name.map((one) => [one])), step, step),
      ([pollution, one, other]) => nothingChanges(pollution, Math.min(one, other), Math.max(one, other) + 1),
      20,
    ),
    property(
      "several names at once: the same",
      fc.tuple(pollutionOf(fc.array(name, { minLength: 2, maxLength: 4 })), step, step),
      ([pollution, one, other]) => nothingChanges(pollution, Math.min(one, other), Math.max(one, other) + 1),
      20,
    ),
    property(
      "an accessor on a prototype: no call appears",
      pollutionOf(name.map((one) => [one])).map((pollution): Pollution => ({ ...pollution, isAccessor: true })),
      noCallAppears,
      3,
    ),
    property(
      "a name that an app with its server reads, or several: the same pages, policies and cookies are served, and no call appears",
      fc.tuple(jsonPollutionOf(fc.array(ofServer, { minLength: 1, maxLength: 4 })), appStep, appStep),
      ([pollution, one, other]) => servedAsBefore(pollution, Math.min(one, other), Math.max(one, other) + 1),
      4,
    ),
    property(
      "an accessor on a prototype of an app with its server: nothing more is served, and no call appears",
      pollutionOf(ofServer.map((one) => [one])).map((pollution): Pollution => ({ ...pollution, isAccessor: true })),
      (pollution) => servedAsBefore(pollution),
      1,
    ),
  ],
}
