import type { IncomingMessage } from "node:http"

/** The two origins that share the port. */
export type Side = "app" | "isolation"

/** Tells whether a window of this number exists. */
export type HasWindow = (number: number) => boolean

/** The number of a window in the name of its isolation origin: decimal, without leading zeros. */
const WINDOW_HOST = /^([1-9]\d{0,9})\.localhost:/

/**
 * Which origin a request is for, by its `Host` alone, compared exactly; `null` for every other name (a DNS rebinding), for
 * two of them, and for a target in absolute form, which would override `Host` (RFC 9112, 3.2.2) and which no browser sends.
 */
export function sideOf({ url, headersDistinct }: IncomingMessage, port: number, hasWindow: HasWindow): Side | null {
  const [host, second] = headersDistinct.host ?? []
  if (!url?.startsWith("/") || host === undefined || second !== undefined) return null
  if (host === `localhost:${port}`) return "app"
  if (host === `127.0.0.1:${port}`) return "isolation"
  const number = WINDOW_HOST.exec(host)?.[1]
  if (number !== undefined && host === `${number}.localhost:${port}` && hasWindow(Number(number))) return "isolation"
  return null
}

/** The path of a request's target, as it was sent: not decoded, without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? ""
}
