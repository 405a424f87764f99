import type { IncomingMessage } from "node:http"

/** The two origins that share the port. */
export type Side = "app" | "isolation"

/**
 * Which origin a request is for, by its `Host` alone, compared exactly; `null` for every other name (a DNS rebinding), for
 * two of them, and for a target in absolute form, which would override `Host` (RFC 9112, 3.2.2) and which no browser sends.
 */
export function sideOf({ url, headersDistinct }: IncomingMessage, port: number): Side | null {
  const [host, second] = headersDistinct.host ?? []
  if (!url?.startsWith("/") || second !== undefined) return null
  if (host === `localhost:${port}`) return "app"
  if (host === `127.0.0.1:${port}`) return "isolation"
  return null
}

/** The path of a request's target, as it was sent: not decoded, without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? ""
}
