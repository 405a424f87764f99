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

const MEASUREMENTS: readonly Measurement[] = [
  {
    figures: ["burst_per_s"],
    rounds: ({ rounds }) => rounds,
    take: async (page, { burstCalls }) => [await inPage(page, burst, burstCalls)],
  },
  {
    figures: ["inflight64_per_s"],
    rounds: ({ rounds }) => rounds,
    take: async (page, { inflightCalls, limitMs }) => [await inPage(page, inflight, inflightCalls, 64, limitMs)],
  },
  {
    figures: ["serial_p50_us", "serial_p99_us"],
    rounds: ({ rounds }) => rounds,
    take: (page, { serialCalls, limitMs }) => inPage(page, serial, serialCalls, limitMs),
  },
  {
    figures: ["raw_16mib_ms"],
    rounds: ({ rounds }) => rounds,
    take: async (page, { rawBytes }) => [await inPage(page, raw, rawBytes)],
  },
  {
    figures: ["channel_per_s"],
    rounds: ({ rounds }) => rounds,
    take: async (page, { channelMessages }) => [await inPage(page, channel, channelMessages)],
  },
  {
    figures: ["first_call_ms"],
    rounds: ({ navigations }) => navigations,
    take: async (page) => {
      await page.reload()
      await ready(page)
      return [await inPage(page, firstCall)]
    },
  },
]

/**
 * Takes every figure of every contender, in rounds: each round measures all of them within seconds, one after the other, the next
 * in the opposite order. Each is brought to the front when it is its turn. Whoever fails at a figure is left out of it from then
 * on.
 */
export async function measure(
  contenders: readonly Contender[],
  say: (line: string) => void,
): Promise<ReadonlyMap<Contender, Measured>> {
  const taken = contenders.map((contender) => ({
    contender,
    samples: new Map<FigureName, number[]>(),
    failures: [] as string[],
  }))
  for (const contender of contenders) {
    await toFront(contender.page, contender.effort)
    await warmUp(contender)
  }
  const hanging = new Set<Contender>()
  for (const { figures, rounds, take } of MEASUREMENTS) {
    const failed = new Set<Contender>(
      contenders.filter(({ lacks }) => figures.some((figure) => lacks.includes(figure))),
    )
    const most = Math.max(...contenders.map(({ effort }) => rounds(effort)))
    const begun = performance.now()
    for (let round = 0; round < most; round++) {
      for (const { contender, samples, failures } of round % 2 === 0 ? taken : taken.toReversed()) {
        if (failed.has(contender) || hanging.has(contender) || round >= rounds(contender.effort)) continue
        if (round > 0 && performance.now() - begun > contender.effort.untilMs) continue
        try {
          await toFront(contender.page, contender.effort)
          add(samples, figures, await withinLimit(take(contender.page, contender.effort)))
        } catch (error) {
          failed.add(contender)
          if (error instanceof HangsError) hanging.add(contender)
          for (const figure of figures) samples.delete(figure)
          failures.push(`${FIGURES[figures[0] as FigureName].title}: ${reason(error)}`)
          say(`✗  ${contender.name}: ${failures.at(-1)}`)
        }
      }
    }
  }
  return new Map(taken.map(({ contender, samples, failures }) => [contender, { samples, failures }]))
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
async function warmUp({ page, lacks, effort }: Contender): Promise<void> {
  try {
    await inPage(page, burst, effort.warmUpCalls)
    await inPage(page, serial, Math.min(100, effort.serialCalls), effort.limitMs)
    if (effort.rounds === 1) return
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
