/** How much is measured of Sallyport's own, or of peers. Calls that have a limit of ms besides end at whichever comes first. */
export interface Effort {
  /** How often each figure is taken; what is reported is the median. */
  readonly rounds: number
  /** How long the machine may see to what the page before left behind, such as garbage. */
  readonly settleMs: number
  /** A round later than that, in ms since the figure's first, is left out: the whole run has an end. */
  readonly untilMs: number
  /** Made before anything counts: compilers warm up, buffers grow. */
  readonly warmUpCalls: number
  readonly burstCalls: number
  readonly inflightCalls: number
  readonly serialCalls: number
  readonly limitMs: number
  /** Of the large raw argument; 0: there is none. */
  readonly rawBytes: number
  readonly channelMessages: number
  /** They are quick, and differ more from each other. */
  readonly navigations: number
}

export interface Efforts {
  readonly own: Effort
  readonly peers: Effort
  /** Whether all pages warm up at the same time, and a page at the front takes several figures in a row. */
  readonly isQuick: boolean
  /** Idle sessions that the Core's memory is compared with and without. */
  readonly idleSessions: number
  /** How often each command of the command line runs. */
  readonly commandRuns: number
}

const own: Effort = {
  rounds: 9,
  settleMs: 50,
  untilMs: Number.POSITIVE_INFINITY,
  warmUpCalls: 20_000,
  burstCalls: 20_000,
  inflightCalls: 20_000,
  serialCalls: 1000,
  limitMs: 2000,
  rawBytes: 16 * 2 ** 20,
  channelMessages: 100_000,
  navigations: 11,
}

export const FULL: Efforts = {
  own,
  peers: { ...own, rounds: 3, untilMs: 30_000, warmUpCalls: 1000, limitMs: 500, navigations: 3 },
  isQuick: false,
  idleSessions: 500,
  commandRuns: 5,
}

const quick: Effort = {
  ...own,
  rounds: 3,
  settleMs: 10,
  warmUpCalls: 10_000,
  inflightCalls: 5000,
  serialCalls: 100,
  limitMs: 60,
  channelMessages: 20_000,
  navigations: 2,
}

/** Of most peers 20,000 calls at once would take seconds, and so do large arguments of all of them; their navigations tell little. */
export const QUICK: Efforts = {
  own: quick,
  peers: { ...quick, rounds: 1, warmUpCalls: 50, burstCalls: 150, limitMs: 30, rawBytes: 0, navigations: 0 },
  isQuick: true,
  idleSessions: 100,
  commandRuns: 1,
}

/** How much an effort was, for who reads the figures. */
export interface EffortTold {
  readonly rounds: number
  readonly burst_calls: number
  readonly inflight_calls: number
  readonly serial_calls: number
  /** Calls in flight, or one after the other, end at this, if they are not made by then. */
  readonly limit_ms: number
  readonly raw_bytes: number
  readonly channel_messages: number
  readonly navigations: number
}

export function effortTold(effort: Effort): EffortTold {
  return {
    rounds: effort.rounds,
    burst_calls: effort.burstCalls,
    inflight_calls: effort.inflightCalls,
    serial_calls: effort.serialCalls,
    limit_ms: effort.limitMs,
    raw_bytes: effort.rawBytes,
    channel_messages: effort.channelMessages,
    navigations: effort.navigations,
  }
}

/** The same in words. */
export function effortInWords(effort: EffortTold): string {
  const { rounds, burst_calls, inflight_calls, serial_calls, limit_ms, raw_bytes, channel_messages, navigations } =
    effort
  const count = (value: number): string => value.toLocaleString("en-US")
  return [
    rounds === 1 ? "one round" : `medians of ${rounds} rounds`,
    `${count(burst_calls)} calls at once`,
    `${count(inflight_calls)} with 64 in flight and ${count(serial_calls)} one after the other, or as many as ${count(limit_ms)} ms have room for`,
    raw_bytes === 0 ? "no large raw argument" : `a raw argument of ${count(raw_bytes / 2 ** 20)} MiB`,
    `${count(channel_messages)} messages of a channel`,
    navigations === 0 ? "no navigations" : `${navigations} navigation${navigations === 1 ? "" : "s"}`,
  ].join("; ")
}
