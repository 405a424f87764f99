import type { Page } from "../e2e/drivers/driver.ts"
import type { Effort } from "./effort.ts"
import { FIGURES, type FigureName, type Samples } from "./figures.ts"
import { burst, channel, firstCall, inflight, raw, serial } from "./in-page.ts"

/** A page that is open, and whose calls are measured. */
export interface Contender {
  readonly name: string
  readonly page: Page
  readonly isPeer: boolean
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
 * in the opposite order. Each is brought to the front when it is its turn. The first round does not count: compilers warm up,
 * buffers grow. Whoever fails at a figure is left out of it from then on.
 */
export async function measure(
  contenders: readonly Contender[],
  effort: Effort,
  say: (line: string) => void,
): Promise<ReadonlyMap<Contender, Measured>> {
  const samples = new Map(contenders.map((contender) => [contender, new Map<FigureName, number[]>()]))
  const failures = new Map(contenders.map((contender) => [contender, [] as string[]]))
  for (const { figures, rounds, take } of MEASUREMENTS) {
    const failed = new Set<Contender>()
    for (let round = -1; round < rounds(effort); round++) {
      const order = round % 2 === 0 ? contenders : contenders.toReversed()
      for (const contender of order) {
        if (failed.has(contender) || figures.some((figure) => contender.lacks.includes(figure))) continue
        if (contender.isPeer && round >= effort.peerRounds) continue
        try {
          await contender.page.bringToFront()
          const values = await take(contender.page, effort)
          if (round >= 0) add(samples.get(contender), figures, values)
        } catch (error) {
          failed.add(contender)
          for (const figure of figures) samples.get(contender)?.delete(figure)
          const why = `${FIGURES[figures[0] as FigureName].title}: ${error instanceof Error ? error.message : error}`
          failures.get(contender)?.push(why)
          say(`   ${contender.name}: ${why}`)
        }
      }
    }
  }
  return new Map(
    contenders.map((contender) => [
      contender,
      { samples: samples.get(contender) ?? new Map(), failures: failures.get(contender) ?? [] },
    ]),
  )
}

function add(
  samples: Map<FigureName, number[]> | undefined,
  figures: readonly FigureName[],
  values: readonly number[],
): void {
  for (const [index, figure] of figures.entries()) {
    const value = values[index]
    if (value === undefined || !Number.isFinite(value)) throw new Error(`was measured as ${value}`)
    samples?.set(figure, [...(samples.get(figure) ?? []), value])
  }
}

/** Waits until the page's first call can be awaited. */
export function ready(page: Page): Promise<void> {
  return page.waitFor("return typeof firstReply === 'object' && document.visibilityState === 'visible'", 20_000)
}

/** Runs a function of in-page.ts in a page. Its arguments and its result go over as JSON. */
export function inPage<Args extends readonly unknown[], Result>(
  page: Page,
  run: (...args: Args) => Result,
  ...args: Args
): Promise<Awaited<Result>> {
  return page.evaluate(`return await (${run})(...${JSON.stringify(args)})`)
}
