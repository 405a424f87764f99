import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http"
import type { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { type ByteRange, readRange } from "./byte-range.ts"

/** A file that may be sent. */
export interface SendableFile {
  readonly size: number
  /** Time of the last change, in ms. */
  readonly modified: number
  /** Tells what it holds from what it may hold another time, in place of size and time; `null`: they tell it. */
  readonly hash: string | null
  read(range: ByteRange): Readable
}

/** Sends a file, a part of it, or that it has not changed. `HEAD` gets the headers of `GET`. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: SendableFile,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  // RFC 9110, 8.8.1: size and time of change make a weak validator, so `If-Range` never holds (13.1.5).
  const etag = `W/"${file.hash ?? `${file.size.toString(36)}-${Math.floor(file.modified).toString(36)}`}"`
  const cached = { ...headers, etag, "cache-control": "no-cache", "accept-ranges": "bytes" }
  if (request.headers["if-none-match"] === etag) return void response.writeHead(304, cached).end()
  const range = request.headers["if-range"] === undefined ? readRange(request.headers.range, file.size) : null
  if (range === "unsatisfiable") {
    return void response
      .writeHead(416, { ...headers, "content-range": `bytes */${file.size}`, "content-length": 0 })
      .end()
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 }
  response.writeHead(range === null ? 200 : 206, {
    ...cached,
    "content-length": end - start + 1,
    ...(range !== null && { "content-range": `bytes ${start}-${end}/${file.size}` }),
  })
  if (request.method === "HEAD" || file.size === 0) return void response.end()
  // A reader that goes away, or a file that does, ends this response and nothing else.
  await pipeline(file.read({ start, end }), response).catch(() => response.destroy())
}
