import { setTimeout as delay } from "node:timers/promises"
import type { Page } from "../e2e/drivers/driver.ts"
import type { Effort } from "./effort.ts"
import { FIGURES, type FigureName, type Samples } from "./figures.ts"
import { burst, channel, firstCall, inflight, raw, serial } from "./in-page.ts"
import { reason } from "./reason.ts"

/** A page that is open, and whose calls are measured. */
export interface Contender {
  readonly name: string
  readonly page: Page
  readonly effort: Effort
  /** What it has no way to do. */
  readonly lacks: readonly FigureName[]
}

export interface Measured {
  readonly samples: Samples
  /** Why figures that should be there are missing. */
  readonly failures: readonly string[]
}

/** One way to take one figure or several. */
interface Measurement {
  readonly figures: readonly FigureName[]
  readonly rounds: (effort: Effort) => number
  take(page: Page, effort: Effort): Promise<readonly number[]>
}

const roundsOf = ({ rounds }: Effort): number => rounds

/** In groups of what may be taken in a row: large arguments leave garbage, and a reload forgets what is compiled. */
const MEASUREMENTS: readonly (readonly Measurement[])[] = [
  [
    {
      figures: ["burst_per_s"],
      rounds: roundsOf,
      take: async (page, { burstCalls }) => [await inPage(page, burst, burstCalls)],
    },
    {
      figures: ["inflight64_per_s"],
      rounds: roundsOf,
      take: async (page, { inflightCalls, limitMs }) => [await inPage(page, inflight, inflightCalls, 64, limitMs)],
    },
    {
      figures: ["serial_p50_us", "serial_p99_us"],
      rounds: roundsOf,
      take: (page, { serialCalls, limitMs }) => inPage(page, serial, serialCalls, limitMs),
    },
  ],
  [
    {
      figures: ["raw_16mib_ms"],
      rounds: ({ rounds, rawBytes }) => (rawBytes === 0 ? 0 : rounds),
      take: async (page, { rawBytes }) => [await inPage(page, raw, rawBytes)],
    },
    {
      figures: ["channel_per_s"],
      rounds: roundsOf,
      take: async (page, { channelMessages }) => [await inPage(page, channel, channelMessages)],
    },
  ],
  [
    {
      figures: ["first_call_ms"],
      rounds: ({ navigations }) => navigations,
      take: async (page) => {
        await page.reload()
        await ready(page)
        return [await inPage(page, firstCall)]
      },
    },
  ],
]

/**
 * Takes every figure of every contender, in rounds: each round measures all of them within seconds, one after the other, the next
 * in the opposite order. Each is brought to the front when it is its turn. Whoever fails at a figure is left out of it from then
 * on.
 *
 * @param isQuick whether all warm up at the same time, and a contender takes several figures in one turn
 */
export async function measure(
  contenders: readonly Contender[],
  isQuick: boolean,
  say: (line: string) => void,
): Promise<ReadonlyMap<Contender, Measured>> {
  const taken = contenders.map((contender) => ({
    contender,
    samples: new Map<FigureName, number[]>(),
    failures: [] as string[],
  }))
  if (isQuick) await Promise.all(contenders.map((contender) => warmUp(contender, isQuick)))
  else
    for (const contender of contenders) {
      await toFront(contender.page, contender.effort)
      await warmUp(contender, isQuick)
    }
  const hanging = new Set<Contender>()
  let front: Page | null = null
  for (const turn of isQuick ? MEASUREMENTS : MEASUREMENTS.flat().map((one) => [one])) {
    const left = new Map(
      contenders.map((contender) => [contender, new Set(turn.filter(({ figures }) => !lacksOne(contender, figures)))]),
    )
    const most = Math.max(...contenders.flatMap(({ effort }) => turn.map(({ rounds }) => rounds(effort))))
    const begun = performance.now()
    for (let round = 0; round < most; round++) {
      for (const { contender, samples, failures } of round % 2 === 0 ? taken : taken.toReversed()) {
        const { name, page, effort } = contender
        if (round > 0 && performance.now() - begun > effort.untilMs) continue
        for (const measurement of left.get(contender) ?? []) {
          const { figures, rounds, take } = measurement
          if (hanging.has(contender) || round >= rounds(effort)) continue
          try {
            if (front === page) await delay(effort.settleMs)
            else await toFront(page, effort)
            front = page
            add(samples, figures, await withinLimit(take(page, effort)))
          } catch (error) {
            left.get(contender)?.delete(measurement)
            if (error instanceof HangsError) hanging.add(contender)
            for (const figure of figures) samples.delete(figure)
            failures.push(`${FIGURES[figures[0] as FigureName].title}: ${reason(error)}`)
            say(`✗  ${name}: ${failures.at(-1)}`)
          }
        }
      }
    }
  }
  return new Map(taken.map(({ contender, samples, failures }) => [contender, { samples, failures }]))
}

function lacksOne({ lacks }: Contender, figures: readonly FigureName[]): boolean {
  return figures.some((figure) => lacks.includes(figure))
}

/** What takes longer hangs, in ms: nothing is waited for that would keep a run from its end. */
const LIMIT_MS = 45_000

class HangsError extends Error {
  override readonly name = "HangsError"
}

/** @throws HangsError when it is not done within the limit */
async function withinLimit<T>(work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const limit = delay(LIMIT_MS, undefined, { signal: done.signal }).then(() => {
    throw new HangsError(`not within ${LIMIT_MS / 1000} s: it is not measured any further`)
  })
  // It ends when the work is done, and nobody waits for it then.
  limit.catch(() => {})
  try {
    return await Promise.race([work, limit])
  } finally {
    done.abort()
  }
}

/** What it fails at it will fail at again, and then it is told of. */
async function warmUp({ page, lacks, effort }: Contender, isQuick: boolean): Promise<void> {
  try {
    await inPage(page, burst, effort.warmUpCalls)
    await inPage(page, serial, Math.min(100, effort.serialCalls), effort.limitMs)
    // The median of a few rounds leaves out the first, where that is slow.
    if (isQuick) return
    if (!lacks.includes("raw_16mib_ms")) await inPage(page, raw, effort.rawBytes)
    if (!lacks.includes("channel_per_s")) await inPage(page, channel, effort.channelMessages)
  } catch {}
}

function add(samples: Map<FigureName, number[]>, figures: readonly FigureName[], values: readonly number[]): void {
  for (const [index, figure] of figures.entries()) {
    const value = values[index]
    if (value === undefined || !Number.isFinite(value)) throw new Error(`was measured as ${value}`)
    samples.set(figure, [...(samples.get(figure) ?? []), value])
  }
}

/** Only what is seen is measured: browsers slow down what is not. */
export async function toFront(page: Page, { settleMs }: Effort): Promise<void> {
  await page.bringToFront()
  await page.waitFor("return document.visibilityState === 'visible'")
  await delay(settleMs)
}

/** Waits until the page's first call can be awaited. */
export function ready(page: Page): Promise<void> {
  return page.waitFor("return typeof firstReply === 'object'", 20_000)
}

/** Runs a function of in-page.ts in a page. Its arguments and its result go over as JSON. */
export function inPage<Args extends readonly unknown[], Result>(
  page: Page,
  run: (...args: Args) => Result,
  ...args: Args
): Promise<Awaited<Result>> {
  return page.evaluate(`return await (${run})(...${JSON.stringify(args)})`)
}
