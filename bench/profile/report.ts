import { markdownTable } from "../markdown.ts"
import type { Pattern } from "../sallyport-app.ts"
import type { BurstProfile } from "./burst-profile.ts"
import type { ProcessCpu } from "./process-cpu.ts"
import type { SerialLatency } from "./serial-latency.ts"
import { type RealmName, stagesOf } from "./stages.ts"

export type Both<Measured> = Readonly<Record<Pattern, Measured>>

const HEADER = ["", "isolated", "brownfield"] as const
const REALMS: readonly (readonly [realm: RealmName, name: string])[] = [
  ["page", "page"],
  ["sandbox", "sandbox"],
  ["core", "Core"],
]

/** Where the time of a call goes when 20,000 are made at once, by realm. */
export function burstReport({ isolation, brownfield }: Both<BurstProfile>): string[] {
  const rows = REALMS.flatMap(([realm, name]) => {
    const both = [isolation, brownfield].map(({ realms }) => realms.find((other) => other.realm === realm))
    const cells = (read: (profile: (typeof both)[number]) => number | undefined): string[] =>
      both.map((profile) => microseconds(read(profile)))
    const stages = stagesOf(realm).flatMap((stage) => {
      const [...times] = cells((profile) => profile?.stages.find((other) => other.stage === stage)?.us)
      return times.every((time) => time === "") ? [] : [[`${name}: ${stage}`, ...times]]
    })
    return [...stages, [`**${name}: sum**`, ...cells((profile) => profile?.spanUs)]]
  })
  return [
    `20,000 calls at once, ${(isolation.calls / 20_000).toLocaleString("en-US")} times, ${isolation.browser}: µs for each call, from CPU profiles. The realms work at the same time: each one's sum is about how long a call took by the page's clock.`,
    "",
    ...markdownTable(HEADER, [
      ...rows,
      ["by the page's clock", microseconds(isolation.wallUs), microseconds(brownfield.wallUs)],
      ["the same without profiles", microseconds(isolation.plainUs), microseconds(brownfield.plainUs)],
    ]),
  ]
}

/** Where the time of a call goes when one is made after the other. */
export function latencyReport({ isolation, brownfield }: Both<SerialLatency>): string[] {
  const rows = isolation.stages.map(({ stage, realm }) => {
    const there = brownfield.stages.find((other) => other.stage === stage && other.realm === realm)
    return [
      stage,
      ...[isolation.stages.find((other) => other.stage === stage), there].map((row) => microseconds(row?.us, 1)),
    ]
  })
  const clocks = [isolation, brownfield].map(({ coreClock }) => `${microseconds(coreClock.offsetUs, 0)} µs`)
  return [
    `${isolation.calls.toLocaleString("en-US")} calls one after the other, ${isolation.browser}: µs for each stage, means of the calls from p30 to p70 (a frame's clock goes in steps of 100 µs, which even out). Page and sandbox have one clock; the Core's is set by ${clocks.join(" and ")}, so that its fastest message took as long as the fastest to it.`,
    "",
    ...markdownTable(HEADER, [
      ...rows,
      ["**sum**", microseconds(isolation.meanUs, 1), microseconds(brownfield.meanUs, 1)],
      ["p50", microseconds(isolation.p50Us, 1), microseconds(brownfield.p50Us, 1)],
      [
        "p50 where no moments are taken down",
        microseconds(isolation.plainP50Us, 1),
        microseconds(brownfield.plainP50Us, 1),
      ],
    ]),
  ]
}

/** What each process takes of processors while 20,000 calls are made at once, and its threads where several take some. */
export function processReport(browser: string, { isolation, brownfield }: Both<ProcessCpu>): string[] {
  const names = new Set([isolation, brownfield].flatMap(({ rows }) => rows.map(({ name }) => name)))
  const both = [isolation, brownfield]
  const cells = (read: (cpu: ProcessCpu) => number | undefined): string[] =>
    both.map((cpu) => {
      const us = read(cpu)
      return us === undefined ? "" : `${us.toFixed(2)} (${Math.round((us / cpu.wallUs) * 100)} %)`
    })
  const rows = [...names].flatMap((name) => {
    const row = (cpu: ProcessCpu) => cpu.rows.find((other) => other.name === name)
    const threads = new Set(both.flatMap((cpu) => row(cpu)?.threads.map((thread) => thread.name) ?? []))
    return [
      [name, ...cells((cpu) => row(cpu)?.us)],
      ...[...(threads.size < 2 ? [] : threads)].map((thread) => [
        `– ${thread}`,
        ...cells((cpu) => row(cpu)?.threads.find((other) => other.name === thread)?.us),
      ]),
    ]
  })
  return [
    `${browser}, 20,000 calls at once: µs of processor for each call, and how much of one processor that is.`,
    "",
    ...markdownTable(HEADER, [
      ...rows,
      ["**sum**", ...cells(({ rows }) => rows.reduce((sum, { us }) => sum + us, 0))],
      ["whatever else ran on the machine", ...cells(({ othersUs }) => othersUs)],
      ["from call to reply, µs", ...both.map(({ wallUs }) => microseconds(wallUs))],
    ]),
  ]
}

function microseconds(us: number | undefined, digits: number = 2): string {
  return us === undefined
    ? ""
    : us.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
