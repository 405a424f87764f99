import type { RequestListener, Server } from "node:http"
import type { FigureName } from "../figures.ts"
import type { Subject } from "../subject.ts"

/**
 * Another way for a page to make calls, measured beside Sallyport's. Its file runs in three places: `serve` in a server's process,
 * `connect` in the page, `expose` in the page's frame. What only Node has is imported in `serve`, when it runs.
 */
export interface Peer {
  /** In results. */
  readonly name: string
  /** In tables. */
  readonly title: string
  /** The packages that do it: their versions are reported. */
  readonly packages: readonly string[]
  /** Where a call is answered. A frame cannot do what a Core is for. */
  readonly endsIn: "server" | "frame"
  /** How it is set up, and who recommends that. */
  readonly setUp: string
  /** What it has no way to do. */
  readonly lacks: readonly FigureName[]
  /** How many calls it can take at once, when those are fewer than are made of the others. */
  readonly mostAtOnce?: number
  /** Makes the server answer calls; returns what answers its HTTP requests, where there is something. */
  serve?(server: Server): Promise<RequestListener | null>
  /** @param frame the page's frame, loaded, for whoever has `expose` */
  connect(frame: Window): Promise<Subject>
  expose?(): void
}
