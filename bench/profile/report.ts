import type { BurstProfile } from "./burst-profile.ts"
import type { ProcessCpu } from "./process-cpu.ts"
import type { SerialLatency } from "./serial-latency.ts"

const WIDTH = 52

/** A table of where the time of a call goes when 20,000 are made at once, by realm. */
export function burstTable(title: string, { browser, calls, wallUs, plainUs, realms }: BurstProfile): string {
  const lines = [
    `${title}, ${browser}: ${calls.toLocaleString("en-US")} calls, 20,000 at once. µs a call.`,
    `From call to reply ${us(wallUs)} by the page's clock; ${us(plainUs)} while no profile is taken.`,
  ]
  for (const { realm, stages, spanUs } of realms) {
    lines.push("", `  ${realm}`)
    for (const { stage, us: time } of stages) lines.push(row(`    ${stage}`, time))
    lines.push(row("    sum", spanUs))
  }
  return lines.join("\n")
}

/** A table of where the time of a call goes when one is made after the other. */
export function latencyTable(title: string, latency: SerialLatency): string {
  const { browser, calls, p50Us, p99Us, plainP50Us, stages, meanUs, coreClock } = latency
  const lines = [
    `${title}, ${browser}: ${calls.toLocaleString("en-US")} calls, one after the other. µs, means of the calls from p30 to p70.`,
    `p50 ${us(p50Us)}, p99 ${us(p99Us)}; p50 ${us(plainP50Us)} where no moments are taken down.`,
    `The Core's clock is set by ${us(coreClock.offsetUs)}, so that the fastest message there and the fastest back take as long: ${us(coreClock.fastestUs)}.`,
    "",
  ]
  for (const { stage, realm, us: time } of stages) lines.push(row(`  ${stage} (until the ${realm}'s)`, time))
  lines.push(row("  sum", meanUs))
  return lines.join("\n")
}

/** A table of what each process takes of processors while 20,000 calls are made at once. */
export function processTable(title: string, { calls, wallUs, rows }: ProcessCpu): string {
  const lines = [
    `${title}: ${calls.toLocaleString("en-US")} calls, 20,000 at once. µs of processor time a call; from call to reply ${us(wallUs)}.`,
    "",
  ]
  for (const { name, us: time, threads } of rows) {
    lines.push(`${row(`  ${name}`, time)}   ${busy(time, wallUs)}`)
    if (threads.length > 1)
      for (const thread of threads) lines.push(`${row(`    ${thread.name}`, thread.us)}   ${busy(thread.us, wallUs)}`)
  }
  const sum = rows.reduce((total, { us: time }) => total + time, 0)
  lines.push(`${row("  sum", sum)}   ${busy(sum, wallUs)} of one processor`)
  return lines.join("\n")
}

function row(title: string, time: number): string {
  return `${title.padEnd(WIDTH)}${us(time).padStart(8)}`
}

function us(time: number): string {
  return time.toFixed(2)
}

function busy(time: number, wallUs: number): string {
  return `${Math.round((time / wallUs) * 100)}%`.padStart(5)
}
