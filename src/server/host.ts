import type { IncomingMessage } from "node:http"

/** The two origins that share the port. */
export type Side = "app" | "isolation"

/**
 * Which origin a request is for, by its `Host` alone, compared exactly; `null` for every other name (a DNS rebinding)
 * and for a target in absolute form, which would override `Host` (RFC 9112, 3.2.2) and which no browser sends.
 */
export function sideOf(request: IncomingMessage, port: number): Side | null {
  if (!request.url?.startsWith("/")) return null
  if (request.headers.host === `localhost:${port}`) return "app"
  if (request.headers.host === `127.0.0.1:${port}`) return "isolation"
  return null
}

/** The path of a request's target, as it was sent: not decoded, without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? ""
}
