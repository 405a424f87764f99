import { createHash } from "node:crypto"
import type { OutgoingHttpHeaders, ServerResponse } from "node:http"

/** For everything that belongs to one window and one moment. */
export const NEVER_STORED = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
}

/** Ends a response without a word. */
export function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...NEVER_STORED, "content-length": 0 }).end()
}

/** Ends a response with a whole document. Node sends its headers only when `HEAD` asked. */
export function sendHtml(
  response: ServerResponse,
  status: number,
  html: string | Buffer,
  headers: OutgoingHttpHeaders,
): void {
  const body = typeof html === "string" ? Buffer.from(html) : html
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers, "content-length": body.length })
  response.end(body)
}

/** A script's hash as a CSP source, with its quotes (CSP Level 3, 2.3.1). */
export function cspHash(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`
}
