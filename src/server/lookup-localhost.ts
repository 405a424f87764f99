import { type LookupAddress, lookup } from "node:dns"
import type { LookupFunction } from "node:net"

const LOOPBACK: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
]
/** RFC 6761, 6.3: the name, and all names below it. */
const LOCALHOST = /(?:^|\.)localhost\.?$/i

/** A look-up of names that knows both addresses of `localhost`, behind those that `system` knows. */
export function withLoopback(system: LookupFunction): LookupFunction {
  return (hostname, options, answer) => {
    if (options.all !== true || !LOCALHOST.test(hostname)) return system(hostname, options, answer)
    system(hostname, options, (_error, found) => {
      const known = Array.isArray(found) ? found : []
      const wanted = LOOPBACK.filter(({ family }) => !options.family || family === options.family)
      answer(null, [...known, ...wanted.filter(({ address }) => known.every((other) => other.address !== address))])
    })
  }
}

/**
 * How a development server is found: its `localhost` may be ::1 where the system's list of hosts has 127.0.0.1 alone. A browser
 * tries both, whatever the system says; so does whoever connects with this, as far as it tries all that it is told.
 */
export const lookupLocalhost: LookupFunction = withLoopback(lookup)
