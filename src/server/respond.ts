import { createHash } from "node:crypto"
import type { ServerResponse } from "node:http"

/** For everything that belongs to one window and one moment. */
export const NEVER_STORED = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
}

/** Ends a response without a word. */
export function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "Cache-Control": "no-store", "Content-Length": 0 }).end()
}

/** Ends a response with a whole document. `HEAD` gets its headers only (RFC 9110, 9.3.2). */
export function sendHtml(
  response: ServerResponse,
  status: number,
  html: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): void {
  const body = Buffer.from(html as string)
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8", ...headers, "Content-Length": body.length })
  response.end(response.req.method === "HEAD" ? undefined : body)
}

/** A script's hash as a CSP source, with its quotes (CSP Level 3, 2.3.1). */
export function cspHash(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`
}
