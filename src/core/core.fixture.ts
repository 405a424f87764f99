import { createCipheriv } from "node:crypto"
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import type { Connection } from "./connection.ts"
import { type Decision, DIAGNOSTICS_CHANNEL } from "./decisions.ts"

export const KEY: Uint8Array = Uint8Array.from({ length: 32 }, (_, index) => index)
export const SESSION: Uint8Array = Uint8Array.from({ length: 16 }, (_, index) => 0xf0 - index)

/** What a frame is made of; whatever is left out is what the sandbox would take. */
export interface Seal {
  readonly key?: Uint8Array
  readonly session?: Uint8Array
  readonly seq?: number | bigint
  readonly version?: number
}

/** Seals as docs/protocol.md says, from its words alone: nothing here comes from the code that is tested. */
export function seal(
  payload: Uint8Array,
  { key = KEY, session = SESSION, seq = 1, version = 1 }: Seal = {},
): Uint8Array {
  const header = Buffer.alloc(9)
  header.writeUInt8(version)
  header.writeBigUInt64BE(BigInt(seq), 1)
  const nonce = Buffer.concat([Buffer.alloc(4), header.subarray(1)])
  const cipher = createCipheriv("aes-256-gcm", key, nonce)
  cipher.setAAD(Buffer.concat([session, header]))
  return new Uint8Array(Buffer.concat([header, cipher.update(payload), cipher.final(), cipher.getAuthTag()]))
}

/** Lays out a payload; `json` is a text or what becomes one. */
export function layOut(json: unknown, blobs: readonly Uint8Array[] = []): Uint8Array {
  const text = Buffer.from(typeof json === "string" ? json : JSON.stringify(json))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return new Uint8Array(Buffer.concat([length, text, ...blobs]))
}

/** A reply frame, taken apart. */
export function readReplies(frame: Uint8Array): { replies: unknown[]; blobs: Uint8Array[] } {
  const bytes = Buffer.from(frame)
  const end = 4 + bytes.readUInt32BE(0)
  const { replies, blobs } = JSON.parse(bytes.subarray(4, end).toString()) as { replies: unknown[]; blobs: number[] }
  let offset = end
  return {
    replies,
    blobs: blobs.map((length) => {
      offset += length
      return new Uint8Array(bytes.subarray(offset - length, offset))
    }),
  }
}

/** A transport that keeps what it is given. */
export class FakeConnection implements Connection {
  onMessage: ((message: string | Uint8Array) => void) | null = null
  onClose: ((reason?: string) => void) | null = null
  bufferedBytes = 0
  isPaused = false
  readonly sent: (string | Uint8Array)[] = []
  closed: { readonly code: number; readonly reason: string } | null = null

  send(message: string | Uint8Array): void {
    this.sent.push(message)
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason }
  }

  /** As a socket does it when its peer has sent something, or has gone. */
  receive(message: string | Uint8Array): void {
    this.onMessage?.(message)
  }

  drop(reason?: string): void {
    this.onClose?.(reason)
  }

  /** Every reply so far. */
  get replies(): unknown[] {
    return this.sent.flatMap((frame) => (typeof frame === "string" ? [] : readReplies(frame).replies))
  }
}

/** Everything decided until `stop`. */
export function listen(): { readonly decisions: Decision[]; stop(): void } {
  const decisions: Decision[] = []
  const note = (decision: unknown): void => void decisions.push(decision as Decision)
  subscribe(DIAGNOSTICS_CHANNEL, note)
  return { decisions, stop: () => void unsubscribe(DIAGNOSTICS_CHANNEL, note) }
}

/** Lets everything that is ready run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
