import { createReadStream } from "node:fs"
import { readFile, realpath, stat } from "node:fs/promises"
import type { IncomingMessage, ServerResponse } from "node:http"
import { extname, join, sep } from "node:path"
import { pipeline } from "node:stream/promises"
import { lookup } from "mrmime"
import type { AppPages } from "./app-pages.ts"
import { NO_CACHE } from "./app-pages.ts"
import { pathOf } from "./host.ts"
import { refuse } from "./respond.ts"

interface Found {
  readonly path: string
  readonly size: number
  readonly modified: number
}

/** Serves the built frontend: documents with the bridge, everything else as it stands in the folder. */
export class StaticFiles {
  readonly #folder: string
  readonly #pages: AppPages

  /** `folder`: absolute. */
  constructor(folder: string, pages: AppPages) {
    this.#folder = folder
    this.#pages = pages
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405)
    const isDocument = request.headers["sec-fetch-dest"] === "document"
    const path = decodedPath(request)
    const found = path === null ? null : await this.#find(path, isDocument)
    if (found === null) return refuse(response, 404)
    const type = lookup(found.path) ?? "application/octet-stream"
    // A drawing can be a document too, with scripts of its own.
    const own = type.includes("xml") ? { ...this.#pages.headers, ...this.#pages.policyHeader } : this.#pages.headers
    if (type !== "text/html") return sendFile(request, response, found, type, own)
    const html = await readFile(found.path)
    if (isDocument) return this.#pages.send(response, 200, html)
    const headers = { ...this.#pages.headers, ...this.#pages.policyHeader, ...NO_CACHE }
    response.writeHead(200, { ...headers, "Content-Type": "text/html; charset=utf-8", "Content-Length": html.length })
    response.end(request.method === "HEAD" ? undefined : html)
  }

  /** Tauri's order: the path, `path.html`, `path/index.html`; and `index.html` for documents that frontends route themselves. */
  async #find(path: string, isDocument: boolean): Promise<Found | null> {
    const bare = path.replace(/\/$/, "")
    const candidates = path.endsWith("/")
      ? [`${bare}/index.html`, `${bare}.html`]
      : [path, `${path}.html`, `${path}/index.html`]
    if (isDocument && extname(path) === "") candidates.push("/index.html")
    for (const candidate of candidates) {
      const found = await this.#fileAt(candidate)
      if (found !== null) return found
    }
    return null
  }

  /** The file, if it is one and lies in the folder when every link on the way to it is followed. */
  async #fileAt(path: string): Promise<Found | null> {
    try {
      const [folder, file] = await Promise.all([realpath(this.#folder), realpath(join(this.#folder, path))])
      if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null
      const info = await stat(file)
      return info.isFile() ? { path: file, size: info.size, modified: info.mtimeMs } : null
    } catch {
      // Whatever is wrong with the path (a NUL, a name too long, no permission): there is no such file for a page.
      return null
    }
  }
}

/** The path decoded once, or `null` for one that no frontend has: broken escapes, separators in disguise, hidden names. */
function decodedPath(request: IncomingMessage): string | null {
  try {
    const path = decodeURIComponent(pathOf(request))
    const isPlain = !/[\\\0]/.test(path) && path.split("/").every((name) => !name.startsWith("."))
    return isPlain && !/%2f|%5c/i.test(pathOf(request)) ? path : null
  } catch {
    return null
  }
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: Found,
  type: string,
  own: Readonly<Record<string, string>>,
): Promise<void> {
  // RFC 9110, 8.8.1: size and time of change make a weak validator.
  const etag = `W/"${file.size.toString(36)}-${Math.floor(file.modified).toString(36)}"`
  const headers = { ...own, ETag: etag, "Cache-Control": "no-cache", "Accept-Ranges": "bytes" }
  if (request.headers["if-none-match"] === etag) return void response.writeHead(304, headers).end()
  const range = readRange(request.headers.range, file.size)
  if (range === "unsatisfiable")
    return void response.writeHead(416, { ...own, "Content-Range": `bytes */${file.size}` }).end()
  const charset = /^(?:text\/|application\/(?:javascript|json))/.test(type) ? "; charset=utf-8" : ""
  const { start, end } = range ?? { start: 0, end: file.size - 1 }
  response.writeHead(range === null ? 200 : 206, {
    ...headers,
    "Content-Type": type + charset,
    "Content-Length": end - start + 1,
    ...(range === null ? {} : { "Content-Range": `bytes ${start}-${end}/${file.size}` }),
  })
  if (request.method === "HEAD" || file.size === 0) return void response.end()
  // A reader that goes away, or a file that does, ends this response and nothing else.
  await pipeline(createReadStream(file.path, { start, end }), response).catch(() => response.destroy())
}

/** One byte range (RFC 9110, 14.1.2). What is not understood is ignored, as it says there; several ranges are, too. */
function readRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | "unsatisfiable" | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? []
  if (first === "" && last === "") return null
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null
  return start < size && start <= end ? { start, end } : "unsatisfiable"
}
