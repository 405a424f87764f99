import type { FrameGrant } from "../../src/boundary/core/frame-tickets.ts"
import { type FakeConnection, layOut, seal } from "../../src/core/core.fixture.ts"

/** A window, as the model knows it. */
export interface Window {
  readonly label: string
  readonly ticket: string
  readonly launched: number
  readonly observer: { redeemed(): void; sessions(count: number): void }
  /** `null`: its ticket was not redeemed. */
  credential: string | null
  /** A ticket that came twice, or a window that was closed. */
  isRevoked: boolean
  isClosed: boolean
  wasRedeemed: boolean
}

/** A call in a frame. `mark` tells it apart from every other of the run. */
export interface SealedCall {
  readonly id: number
  readonly cmd: string
  readonly mark: string
}

/** A socket, as the model knows it. */
export interface Socket {
  readonly connection: FakeConnection
  readonly since: number
  state: "stranger" | "session" | "over"
  window: Window | null
  /** Address of its frame. */
  frame: string | null
  welcomed: number
  grant: FrameGrant | null
  readonly frames: { readonly bytes: Uint8Array; readonly calls: readonly SealedCall[] }[]
  /** Frames that have been carried to the Core. */
  carried: number
  /** Calls that the Core must have run by now, and nothing else. */
  readonly due: string[]
  /** Marks, by id. */
  readonly inFlight: Map<number, string>
  sentAtEnd: number | null
}

/** Of a window that was launched just now. */
export const NEW_WINDOW: Pick<Window, "credential" | "isRevoked" | "isClosed" | "wasRedeemed"> = {
  credential: null,
  isRevoked: false,
  isClosed: false,
  wasRedeemed: false,
}

export function newSocket(connection: FakeConnection, since: number, state: Socket["state"]): Socket {
  return {
    connection,
    since,
    state,
    window: null,
    frame: null,
    welcomed: 0,
    grant: null,
    frames: [],
    carried: 0,
    due: [],
    inFlight: new Map(),
    sentAtEnd: null,
  }
}

/** The frame that is due on a socket, with a flaw. `other`: what another socket's sandbox was given. */
export function forgery(flaw: string, socket: Socket, other: FrameGrant | null): Uint8Array | string {
  const payload = layOut({ calls: [[9, "note", { mark: "forged" }]] })
  const { key, session } = socket.grant ?? { key: new Uint8Array(32), session: new Uint8Array(16) }
  const seq = socket.carried + 1
  const good = seal(payload, { key, session, seq })
  const forged: Readonly<Record<string, Uint8Array | string>> = {
    key: seal(payload, { key: key.map((byte) => byte ^ 1), session, seq }),
    session: seal(payload, { key, session: session.map((byte) => byte ^ 1), seq }),
    seq: seal(payload, { key, session, seq: seq + 1 }),
    bit: good.map((byte, index) => (index === good.length - 1 ? byte ^ 1 : byte)),
    cut: good.subarray(0, -1),
    clear: payload,
    text: "{}",
    empty: new Uint8Array(0),
    "other window's": seal(payload, { ...(other ?? { key: new Uint8Array(32), session }), seq }),
  }
  return forged[flaw] as Uint8Array | string
}

export function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length]
}

/** Lets everything that is ready run. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
