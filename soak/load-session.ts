import { createCipheriv } from "node:crypto"
import type { WebSocket } from "ws"
import type { SandboxSession } from "../src/boundary/wire/messages.ts"
import { PART_BYTES, postBytes } from "../src/boundary/wire/parts.ts"
import { encodePayload, splitPayload } from "../src/boundary/wire/payload.ts"
import {
  associatedData,
  FIRST_SEQ,
  HEADER_BYTES,
  SESSION_ID_BYTES,
  sealNonce,
  TAG_BYTES,
} from "../src/boundary/wire/sealing.ts"
import type { PagePayload } from "../src/protocol/page-messages.ts"

/** Characters of JSON in a frame, as the bridge's batches have them. */
const BATCH = 64 * 1024

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** One socket with its sandbox's key: makes calls as bridge and sandbox would, the ones of a turn in one frame. */
export class LoadSession {
  readonly #socket: WebSocket
  readonly #sealed: { readonly key: Uint8Array; readonly session: Uint8Array } | null
  #nextSeq = FIRST_SEQ
  #lastId = 0
  #queue: string[] = []
  #error: Error | null = null
  readonly #waiting = new Map<number, Waiting>()
  /** Called for each frame that the Core sent. */
  onFrame: ((payload: PagePayload) => void) | null = null
  readonly closed: Promise<void>

  /** `data`: what the isolation document held; `null` for brownfield. */
  constructor(socket: WebSocket, data: SandboxSession | null) {
    this.#socket = socket
    this.#sealed = data === null ? null : { key: Uint8Array.from(data.key), session: Uint8Array.from(data.session) }
    socket.on("message", (frame, isBinary) => {
      if (isBinary) this.#receive(frame as Buffer)
    })
    socket.on("error", () => {})
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        this.#error = new Error(`the session ended: ${code} ${reason}`)
        for (const { reject } of this.#waiting.values()) reject(this.#error)
        this.#waiting.clear()
        resolve()
      })
    })
  }

  /** Rejects with what the command threw, or with an `Error` when the session has ended. */
  invoke(cmd: string, args: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null) return reject(this.#error)
      const id = ++this.#lastId
      this.#waiting.set(id, { resolve, reject })
      if (this.#queue.push(`[${id},${JSON.stringify(cmd)},${JSON.stringify(args)}]`) === 1)
        queueMicrotask(() => this.#flush())
    })
  }

  /** The first thing that a sandbox seals. */
  announceHook(): void {
    this.send('{"hook":"function","logs":[],"blobs":[]}')
  }

  /** Seals and sends a payload. */
  send(json: string, blobs: readonly Uint8Array[] = []): void {
    const payload = encodePayload(json, blobs)
    const frame = this.#sealed === null ? payload : this.#seal(payload, this.#sealed)
    postBytes(frame, PART_BYTES, (part) => this.#socket.send(typeof part === "number" ? `${part}` : part))
  }

  /** Bytes that the socket has not sent yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** Resolves when the socket is closed on both sides. */
  async close(): Promise<void> {
    this.#socket.close()
    await this.closed
  }

  #flush(): void {
    const queue = this.#queue
    this.#queue = []
    let calls: string[] = []
    let characters = 0
    for (const call of queue) {
      if (characters + call.length > BATCH && calls.length > 0) {
        this.send(`{"calls":[${calls}],"blobs":[]}`)
        calls = []
        characters = 0
      }
      calls.push(call)
      characters += call.length
    }
    this.send(`{"calls":[${calls}],"blobs":[]}`)
  }

  /** As src/boundary/sandbox/record-sealer.ts does, but at once: what waits for a thread here would count as the Core's time. */
  #seal(
    payload: Uint8Array,
    { key, session }: { readonly key: Uint8Array; readonly session: Uint8Array },
  ): Uint8Array<ArrayBuffer> {
    const seq = this.#nextSeq++
    const data = associatedData(session, seq)
    const cipher = createCipheriv("aes-256-gcm", key, sealNonce(seq), { authTagLength: TAG_BYTES })
    cipher.setAAD(data)
    const text = cipher.update(payload)
    cipher.final()
    const frame = new Uint8Array(HEADER_BYTES + text.length + TAG_BYTES)
    frame.set(data.subarray(SESSION_ID_BYTES))
    frame.set(text, HEADER_BYTES)
    frame.set(cipher.getAuthTag(), HEADER_BYTES + text.length)
    return frame
  }

  #receive(frame: Buffer): void {
    const { json } = splitPayload(frame)
    const payload = JSON.parse(json) as PagePayload
    this.onFrame?.(payload)
    for (const [id, ok, value] of payload.replies ?? []) {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (ok === 1) waiting?.resolve(value)
      else waiting?.reject(value)
    }
  }
}
