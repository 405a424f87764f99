import type { Mark } from "../core/core-process.ts"
import type { Pattern } from "../sallyport-app.ts"
import type { RealmName } from "./stages.ts"

/** The moments of each realm, in its own clock. */
export type Marks = Readonly<Partial<Record<RealmName, readonly Mark[]>>>

/** What ends with a moment: the stage, and whose moment it is. */
type Step = readonly [stage: string, realm: RealmName, mark: string]

/** A call's way, moment by moment. */
const STEPS: readonly Step[] = [
  ["", "page", "invoke"],
  ["serialize", "page", "posted"],
  ["hop: page to sandbox", "sandbox", "heard"],
  ["parse the batch, view of the call", "sandbox", "hook"],
  ["hook", "sandbox", "hooked"],
  ["serialize what the hook returned, until the seal begins", "sandbox", "encrypt"],
  ["seal", "sandbox", "sealed"],
  ["frame it", "sandbox", "posted"],
  ["hop: sandbox to page", "page", "heard"],
  ["hand it to the socket", "page", "sent"],
  ["socket: page to Core", "core", "bytes"],
  ["socket: read", "core", "message"],
  ["open", "core", "opened"],
  ["parse, dispatch", "core", "command"],
  ["run, reply", "core", "answered"],
  ["socket: Core to page", "page", "replied"],
  ["receive: parse, settle", "page", "settled"],
]
/** What there is only with a sandbox. */
const OF_ISOLATION = new Set(["posted", "heard", "opened"])

/** Of each realm the moment that each call has exactly once: the others are looked for before and behind it. */
const ANCHORS: Readonly<Record<RealmName, string>> = { page: "invoke", sandbox: "hook", core: "command" }

export interface Latency {
  readonly calls: number
  readonly p50Us: number
  readonly p99Us: number
  /** Means over the calls in the middle, from the 30th to the 70th of a hundred by how long they took. */
  readonly stages: readonly { readonly stage: string; readonly realm: RealmName; readonly us: number }[]
  /** Mean of the same calls, which the stages add up to. */
  readonly meanUs: number
  /** What was added to the Core's clock, and how little a message to it and one back took by it: as if both took as long. */
  readonly coreClock: { readonly offsetUs: number; readonly fastestUs: number }
}

/**
 * Where the time of single calls goes.
 *
 * @throws Error when a moment is missing: then a door that is watched is not used any more
 */
export function readLatency(pattern: Pattern, marks: Marks): Latency {
  const steps = STEPS.filter(
    ([, realm, mark]) => pattern === "isolation" || (realm !== "sandbox" && !OF_ISOLATION.has(mark)),
  )
  const byRealm = new Map(
    (["page", "sandbox", "core"] as const)
      .filter((realm) => steps.some(([, of]) => of === realm))
      .map((realm) => [realm, callsOf(realm, marks[realm] ?? [], steps)]),
  )
  const count = byRealm.get("page")?.length ?? 0
  for (const [realm, calls] of byRealm)
    if (calls.length !== count) throw new Error(`the page made ${count} calls, and the ${realm} saw ${calls.length}`)
  // One row a call: its moments, in order.
  const raw = Array.from({ length: count }, (_, call) =>
    steps.map(([, realm, mark]) => byRealm.get(realm)?.[call]?.get(mark) ?? Number.NaN),
  )
  const coreClock = compareClocks(raw, steps)
  const moments = raw.map((row) =>
    row.map((ms, step) => ms + (steps[step]?.[1] === "core" ? coreClock.offsetUs / 1000 : 0)),
  )
  const took = (row: readonly number[]): number => ((row.at(-1) ?? 0) - (row[0] ?? 0)) * 1000
  const sorted = moments.toSorted((a, b) => took(a) - took(b))
  const at = (part: number): number => took(sorted[Math.min(count - 1, Math.floor(count * part))] ?? [])
  const middle = sorted.slice(Math.floor(count * 0.3), Math.ceil(count * 0.7))
  const stages = steps.slice(1).map(([stage, realm], index) => ({
    stage,
    realm,
    us: mean(middle.map((row) => ((row[index + 1] ?? 0) - (row[index] ?? 0)) * 1000)),
  }))
  return { calls: count, p50Us: at(0.5), p99Us: at(0.99), stages, meanUs: mean(middle.map(took)), coreClock }
}

/** The moments of each call in one realm, by name. */
function callsOf(realm: RealmName, marks: readonly Mark[], steps: readonly Step[]): Map<string, number>[] {
  const names = steps.filter(([, of]) => of === realm).map(([, , mark]) => mark)
  const anchor = names.indexOf(ANCHORS[realm])
  const calls: Map<string, number>[] = []
  for (const [index, [name, ms]] of marks.entries()) {
    if (name !== ANCHORS[realm]) continue
    const call = new Map([[name, ms]])
    const look = (wanted: readonly string[], by: 1 | -1): void => {
      let at = index
      for (const mark of wanted) {
        do at += by
        while (marks[at] !== undefined && marks[at]?.[0] !== mark && marks[at]?.[0] !== ANCHORS[realm])
        const found = marks[at]
        // Behind the next call's moment there are only its own.
        if (found?.[0] !== mark) throw new Error(`call ${calls.length + 1} has no moment "${mark}" in the ${realm}`)
        call.set(mark, found[1])
      }
    }
    look(names.slice(0, anchor).reverse(), -1)
    look(names.slice(anchor + 1), 1)
    calls.push(call)
  }
  return calls
}

/** Page and sandbox have one clock. The Core's is set as if the fastest message to it took as long as the fastest from it. */
function compareClocks(rows: readonly (readonly number[])[], steps: readonly Step[]): Latency["coreClock"] {
  const fastest = (mark: string): number => {
    const step = steps.findIndex(([, , name], index) => name === mark && index > 1)
    return Math.min(...rows.map((row) => (row[step] ?? 0) - (row[step - 1] ?? 0))) * 1000
  }
  const [there, back] = [fastest("bytes"), fastest("replied")]
  return { offsetUs: (back - there) / 2, fastestUs: (there + back) / 2 }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
