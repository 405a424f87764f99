import type { IncomingMessage } from "node:http"

/** Headers of which the first counts when they are repeated (`message.headers` of `node:http`); all others are joined. */
const FIRST_COUNTS: ReadonlySet<string> = new Set(
  `age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since last-modified
  location max-forwards proxy-authorization referer retry-after server user-agent`.split(/\s+/),
)

/**
 * Replaces a message's headers by objects without a prototype, read from what was sent. Node collects headers in ordinary objects: a
 * page that can write to `Object.prototype` could give every request the `Sec-Fetch-Dest`, `Origin` or `Cookie` that it lacks, or
 * have Node leave out one that it has.
 */
export function readOwnHeaders(message: IncomingMessage): void {
  const headers: Record<string, string | string[]> = Object.create(null)
  const distinct: Record<string, string[]> = Object.create(null)
  const sent = message.rawHeaders
  for (let at = 0; at + 1 < sent.length; at += 2) {
    const name = (sent[at] as string).toLowerCase()
    const value = sent[at + 1] as string
    distinct[name] ??= []
    distinct[name].push(value)
    const before = headers[name]
    if (name === "set-cookie") headers[name] = distinct[name]
    else if (before === undefined) headers[name] = value
    else if (!FIRST_COUNTS.has(name)) headers[name] = `${before}${name === "cookie" ? "; " : ", "}${value}`
  }
  message.headers = headers
  message.headersDistinct = distinct
}
