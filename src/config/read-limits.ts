import { LIMITS, type LimitName, type Limits } from "../boundary/wire/limits.ts"
import { SALLYPORT } from "./known-keys.ts"
import type { Place } from "./place.ts"

/** Timers take no more (a longer one fires at once), and lengths in a frame are 32 bits wide. */
const LARGEST = 2 ** 31 - 1

const NAMES = Object.keys(LIMITS) as LimitName[]

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
  place.refuse(`a whole number of ${LIMITS[name].unit} from 1 to ${LARGEST}`)
  return LIMITS[name].default
}
