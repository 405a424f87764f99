/** How much is measured. Calls that have a limit of ms besides end at whichever comes first: some peers are slow. */
export interface Effort {
  /** How often each figure is taken; what is reported is the median. */
  readonly rounds: number
  readonly peerRounds: number
  readonly burstCalls: number
  readonly inflightCalls: number
  readonly serialCalls: number
  readonly limitMs: number
  readonly rawBytes: number
  readonly channelMessages: number
  /** Navigations are quick, and differ more from each other. */
  readonly navigations: number
  readonly hookCalls: number
}

export const FULL: Effort = {
  rounds: 9,
  peerRounds: 5,
  burstCalls: 20_000,
  inflightCalls: 20_000,
  serialCalls: 1000,
  limitMs: 1500,
  rawBytes: 16 * 2 ** 20,
  channelMessages: 100_000,
  navigations: 11,
  hookCalls: 200_000,
}

export const QUICK: Effort = {
  rounds: 3,
  peerRounds: 1,
  burstCalls: 20_000,
  inflightCalls: 10_000,
  serialCalls: 200,
  limitMs: 300,
  rawBytes: 16 * 2 ** 20,
  channelMessages: 50_000,
  navigations: 3,
  hookCalls: 50_000,
}
