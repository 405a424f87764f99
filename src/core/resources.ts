import { randomBytes } from "node:crypto"
import { inherited } from "./inherited.ts"

/** Something that the page holds by a number: a file that is open, a watcher, an image. */
export type Resource = object & {
  /** Called once, when the page closes it or is gone. */
  close?(): void | Promise<void>
  /** Called instead when the page did not close it but is gone: for what is not the page's alone. */
  left?(): void
}

/** Resources that a session may hold: a page that never closes any must not fill the Core's memory. */
const MAX_HELD = 10_000

/** What one session holds. Ids are random u32s and never 0, which Tauri's plugins take for "none". */
export class Resources {
  readonly #held = new Map<number, Resource>()
  #isOver = false

  /**
   * Keeps a resource and gives it an id. One that comes when the page is gone is closed at once, and so is one too many.
   *
   * @throws Error where the page holds ten thousand already
   */
  add(resource: Resource): number {
    let rid: number
    do rid = randomBytes(4).readUInt32BE()
    while (rid === 0 || this.#held.has(rid))
    this.#keep(rid, resource)
    return rid
  }

  /** Keeps what other pages hold, too, under the id that they have. Throws an `Error` where that is another resource's. */
  share(rid: number, resource: Resource): void {
    if (this.#held.has(rid)) throw new Error(`The resource id ${rid} is taken.`)
    this.#keep(rid, resource)
  }

  has(rid: number): boolean {
    return this.#held.has(rid)
  }

  /** The resource of that id and kind. Throws an `Error`, in Tauri's words, when there is none. */
  get<Kind extends Resource>(rid: unknown, kind: abstract new (...args: never[]) => Kind): Kind {
    const resource = this.#held.get(rid as number)
    if (!(resource instanceof kind)) throw invalid(rid)
    return resource
  }

  /** Closes one. Throws an `Error` when there is none of that id, and what closing throws. */
  async close(rid: unknown): Promise<void> {
    const resource = this.#held.get(rid as number)
    if (resource === undefined) throw invalid(rid)
    this.#held.delete(rid as number)
    await closerOf(resource)?.call(resource)
  }

  /** The page is gone: closes all. What fails to close has nobody to tell. */
  end(): void {
    this.#isOver = true
    for (const resource of this.#held.values()) void drop(resource)
    this.#held.clear()
  }

  #keep(rid: number, resource: Resource): void {
    if (this.#isOver) return void drop(resource)
    if (this.#held.size >= MAX_HELD) {
      void drop(resource)
      throw new Error(`a page may hold at most ${MAX_HELD} resources: close some first`)
    }
    this.#held.set(rid, resource)
  }
}

async function drop(resource: Resource): Promise<void> {
  try {
    const left = inherited(resource, "left") as Resource["left"]
    await (left ?? closerOf(resource))?.call(resource)
  } catch {}
}

/** Not one that only `Object.prototype` has. */
function closerOf(resource: Resource): Resource["close"] {
  return inherited(resource, "close") as Resource["close"]
}

function invalid(rid: unknown): Error {
  return new Error(`The resource id ${typeof rid === "number" ? rid : JSON.stringify(rid)} is invalid.`)
}
