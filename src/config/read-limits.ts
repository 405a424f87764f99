import { LIMITS, type Limits } from "../boundary/wire/limits.ts"
import { SALLYPORT } from "./known-keys.ts"
import type { Place } from "./place.ts"

/** Timers take no more (a longer one fires at once), and lengths in a frame are 32 bits wide. */
const LARGEST = 2 ** 31 - 1

type LimitName = keyof Limits
const NAMES = Object.keys(LIMITS) as LimitName[]

const UNITS: Readonly<Record<LimitName, string>> = {
  jsonBytes: "bytes",
  blobBytes: "bytes",
  nesting: "levels",
  callsInFlight: "calls",
  bytesInFlight: "bytes",
  sessionsPerWindow: "sessions",
  sessions: "sessions",
  pendingSockets: "sockets",
  outgoingBytes: "bytes",
  helloTimeoutMs: "ms",
  frameTimeoutMs: "ms",
  hookTimeoutMs: "ms",
}

/** Reads `plugins.sallyport`: the limits that the file sets. */
export function readLimits(place: Place): Partial<Limits> {
  const limits: Partial<Record<LimitName, number>> = {}
  for (const [key, value] of place.section(SALLYPORT)("limits").entries()) {
    const name = NAMES.find((known) => known === key)
    if (name === undefined) value.refuseKey(key, NAMES)
    else limits[name] = readLimit(name, value)
  }
  return limits
}

function readLimit(name: LimitName, place: Place): number {
  const { value } = place
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LARGEST) return value
  place.refuse(`a whole number of ${UNITS[name]} from 1 to ${LARGEST}`)
  return LIMITS[name]
}
