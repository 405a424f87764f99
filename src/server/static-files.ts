import { constants } from "node:fs"
import { realpath } from "node:fs/promises"
import type { IncomingMessage, ServerResponse } from "node:http"
import { join, sep } from "node:path"
import { Readable } from "node:stream"
import { openRegularFile } from "../directories/pinned.ts"
import type { MemoryFiles } from "../files/memory-files.ts"
import type { AppPages } from "./app-pages.ts"
import { contentType, documentKind, isScriptType } from "./content-type.ts"
import { pathOf } from "./host.ts"
import { refuse } from "./respond.ts"
import { type SendableFile, sendFile } from "./send-file.ts"

interface Found extends SendableFile {
  readonly path: string
  readAll(): Promise<Buffer>
  close(): Promise<void>
}

/** Serves the built frontend: documents with the bridge, everything else as it stands in the folder. */
export class StaticFiles {
  readonly #folder: string
  readonly #pages: AppPages
  readonly #carried: MemoryFiles | null

  /**
   * @param folder absolute
   * @param carried where the folder is, when not on the disk
   */
  constructor(folder: string, pages: AppPages, carried: MemoryFiles | null = null) {
    this.#folder = folder
    this.#pages = pages
    this.#carried = carried
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405)
    const isNavigation = request.headers["sec-fetch-dest"] === "document"
    const path = decodedPath(pathOf(request))
    const found = path === null ? null : await this.#find(path, isNavigation)
    if (found === null) return refuse(response, 404)
    try {
      await this.#send(request, response, found, isNavigation)
    } finally {
      await found.close()
    }
  }

  async #send(request: IncomingMessage, response: ServerResponse, found: Found, isNavigation: boolean): Promise<void> {
    const type = contentType(found.path)
    const essence = type.split(";", 1)[0] ?? ""
    const kind = documentKind(essence)
    const headers = isScriptType(essence) ? this.#pages.headers : this.#pages.documentHeaders()
    if (kind === null) {
      return sendFile(request, response, found, { ...headers, "content-type": type })
    }
    const html = await found.readAll()
    if (kind === "xhtml") return this.#pages.sendXhtml(response, 200, html, isNavigation, { "content-type": type })
    if (isNavigation) return this.#pages.send(response, 200, html)
    return this.#pages.sendBare(response, 200, html)
  }

  /** Tauri's order: the path, `path.html`, `path/index.html`; and `index.html`, for frontends that route pages themselves. */
  async #find(path: string, isNavigation: boolean): Promise<Found | null> {
    const bare = path.replace(/\/+$/, "")
    const candidates = [`${bare}.html`, `${bare}/index.html`]
    if (!path.endsWith("/")) candidates.unshift(bare)
    if (isNavigation) candidates.push("/index.html")
    for (const candidate of candidates) {
      const found = await this.#fileAt(candidate)
      if (found !== null) return found
    }
    return null
  }

  /** The file, if it is one and lies in the folder when every link on the way to it is followed. */
  async #fileAt(path: string): Promise<Found | null> {
    if (this.#carried !== null) return carriedFile(this.#carried, this.#folder, path)
    try {
      const [folder, file] = await Promise.all([realpath(this.#folder), realpath(join(this.#folder, path))])
      if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null
      const handle = await openRegularFile({ lexical: join(this.#folder, path), real: file }, constants.O_RDONLY)
      const { size, mtimeMs } = await handle.stat()
      return {
        path: file,
        size,
        modified: mtimeMs,
        hash: null,
        // By what is held since the check: its path may lead elsewhere by now.
        read: (range) => handle.createReadStream({ ...range, autoClose: false }),
        readAll: () => handle.readFile(),
        close: () => handle.close(),
      }
    } catch {
      // Whatever is wrong with the path (a name too long, no permission): there is no such file for a page.
      return null
    }
  }
}

function carriedFile(carried: MemoryFiles, folder: string, path: string): Found | null {
  const file = join(folder, path)
  const bytes = file.startsWith(folder + sep) ? carried.read(file) : null
  if (bytes === null) return null
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    path: file,
    size: buffer.length,
    modified: 0,
    hash: carried.sha256(file),
    read: ({ start, end }) => Readable.from([buffer.subarray(start, end + 1)]),
    readAll: async () => buffer,
    close: async () => {},
  }
}

/** The path decoded once, or `null` for one that no frontend has: broken escapes, separators in disguise, hidden names. */
function decodedPath(path: string): string | null {
  if (/%2f|%5c/i.test(path)) return null
  try {
    const decoded = decodeURIComponent(path)
    const isPlain = !/[\\\0]/.test(decoded) && decoded.split("/").every((name) => !name.startsWith("."))
    return isPlain ? decoded : null
  } catch {
    return null
  }
}
