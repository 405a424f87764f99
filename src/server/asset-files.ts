import { constants } from "node:fs"
import type { FileHandle } from "node:fs/promises"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Gate } from "../core/gate.ts"
import type { PathScope } from "../directories/path-scope.ts"
import { openRegularFile } from "../directories/pinned.ts"
import type { ResolvedPath } from "../directories/real-path.ts"
import { ASSET_PATH } from "../protocol/endpoints.ts"
import type { AppPages } from "./app-pages.ts"
import type { ByteRange } from "./byte-range.ts"
import { contentType } from "./content-type.ts"
import { pathOf } from "./host.ts"
import { refuse } from "./respond.ts"
import { sendFile } from "./send-file.ts"

/** A file shown as a document runs nothing and has no origin; a drawing keeps its own styles and pictures. */
const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; font-src data:; frame-ancestors 'self'"

/**
 * Destinations (Fetch, 2.2.5) that run what they get. In Tauri assets are another origin, which `script-src 'self'` does not
 * let in; here they share the app's.
 */
const RUNS = /^(?:script|worker|sharedworker|serviceworker|audioworklet|paintworklet|json|xslt)$/

/** Files of the user's that the configuration opens to pages: what is behind `convertFileSrc()`. */
export class AssetFiles {
  readonly #scope: PathScope
  readonly #pages: AppPages
  readonly #gate: Gate

  constructor(scope: PathScope, pages: AppPages, gate: Gate) {
    this.#scope = scope
    this.#pages = pages
    this.#gate = gate
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const turnAway = (reason: string, path: string): void => {
      this.#gate.refused(reason, { path: path.slice(0, 500) })
      refuse(response, 403)
    }
    const { method, headers } = request
    if (method !== "GET" && method !== "HEAD") return refuse(response, 405)
    const asked = pathOf(request).slice(ASSET_PATH.length)
    if (headers["sec-fetch-site"] !== "same-origin") return turnAway("asset for another origin", asked)
    if (RUNS.test(String(headers["sec-fetch-dest"]))) return turnAway("asset to be run", asked)
    const path = await this.#allowed(asked)
    if (path === null) return turnAway("asset outside the scope", asked)
    const handle = await open(path)
    if (handle === null) return refuse(response, 404)
    try {
      const { size, mtimeMs: modified } = await handle.stat()
      const file = {
        size,
        modified,
        hash: null,
        read: (range: ByteRange) => handle.createReadStream({ ...range, autoClose: false }),
      }
      await sendFile(request, response, file, {
        ...this.#pages.headers,
        "content-security-policy": POLICY,
        "content-type": contentType(path.lexical),
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        vary: "Sec-Fetch-Dest, Sec-Fetch-Site",
      })
    } finally {
      await handle.close()
    }
  }

  /** `null` for what is not in the scope and for what is no path: nobody learns which. */
  async #allowed(asked: string): Promise<ResolvedPath | null> {
    try {
      return await this.#scope.resolve(decodeURIComponent(asked))
    } catch {
      return null
    }
  }
}

/** The file itself, held from here on; `null` where there is none, or no regular one, or it was swapped since the check. */
async function open(path: ResolvedPath): Promise<FileHandle | null> {
  try {
    return await openRegularFile(path, constants.O_RDONLY)
  } catch {
    return null
  }
}
