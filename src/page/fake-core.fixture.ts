import { encodePayload, splitPayload } from "../boundary/wire/payload.ts"
import { Callbacks } from "./callbacks.ts"
import { CoreConnection } from "./connection.ts"
import type { Identity } from "./identity.ts"
import { Listeners } from "./listeners.ts"

/**
 * The Core's end of a page's sockets, which a test can keep from answering and end as it likes. That needs no browser,
 * and no browser lets time be set.
 */
export class FakeSocket {
  static readonly made: FakeSocket[] = []
  onopen: () => void = () => {}
  onmessage: ((event: { data: unknown }) => void) | null = () => {}
  onclose: ((event: { code: number; reason: string }) => void) | null = () => {}
  readonly sent: unknown[] = []
  closed = false
  /** As browsers have it: 1 while it can send. */
  readyState = 1
  constructor() {
    FakeSocket.made.push(this)
  }
  send(data: unknown): void {
    this.sent.push(data)
  }
  close(): void {
    this.closed = true
    this.readyState = 3
  }
  /** `frame`: where the isolation document is; `null` for brownfield. */
  welcome(frame: string | null = null): void {
    const limits = {
      jsonBytes: 1e6,
      blobBytes: 1e6,
      nesting: 9,
      callsInFlight: 9,
      bytesInFlight: 2e6,
      frameTimeoutMs: 3000,
    }
    this.onopen()
    this.onmessage?.({
      data: JSON.stringify({
        session: "s",
        label: "main",
        pattern: frame === null ? "brownfield" : "isolation",
        frame,
        limits,
      }),
    })
  }
  lose(code: number = 1006, reason = ""): void {
    this.readyState = 3
    this.onclose?.({ code, reason })
  }
  reply(...replies: unknown[]): void {
    this.onmessage?.({ data: encodePayload(JSON.stringify({ replies, blobs: [] }), []).buffer })
  }
  /** Commands of each payload. */
  get batches(): string[][] {
    return this.sent
      .filter((data) => data instanceof ArrayBuffer)
      .map((data) => JSON.parse(splitPayload(new Uint8Array(data)).json).calls.map(([, cmd]: [number, string]) => cmd))
  }
}

/** What the page's scripts listen to on their window. */
export const listeners: Map<string, (event: object) => void> = new Map()
Object.assign(globalThis, {
  WebSocket: FakeSocket,
  location: { host: "localhost:1" },
  addEventListener: (name: string, listener: (event: object) => void) => void listeners.set(name, listener),
  removeEventListener: (name: string) => void listeners.delete(name),
})

/** A page's connection, as the bridge makes it. */
export function connect(
  identity: Identity | null = { credential: "c", label: "main", title: null },
  callbacks: Callbacks = new Callbacks(),
): CoreConnection {
  return new CoreConnection(identity, callbacks, new Listeners(callbacks, "main"))
}
