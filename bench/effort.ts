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
  readonly rawBytes: number
  readonly channelMessages: number
  /** They are quick, and differ more from each other. */
  readonly navigations: number
}

export interface Efforts {
  readonly own: Effort
  readonly peers: Effort
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
}

const quick: Effort = {
  ...own,
  rounds: 3,
  warmUpCalls: 10_000,
  inflightCalls: 5000,
  serialCalls: 150,
  limitMs: 200,
  channelMessages: 50_000,
  navigations: 3,
}

/** Of most peers 20,000 calls at once would take seconds, and their navigations tell little. */
export const QUICK: Efforts = {
  own: quick,
  peers: { ...quick, rounds: 1, warmUpCalls: 100, burstCalls: 500, limitMs: 100, navigations: 0 },
}
