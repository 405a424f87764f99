import type { Socket } from "node:net"
import type { LocalScene } from "./attack.ts"
import { until } from "./stranger.ts"
import type { WindowClient } from "./window-client.ts"

/** Kinds of frames (RFC 6455, 5.2). */
export const TEXT = 1
export const BINARY = 2
export const PING = 9

interface FrameOptions {
  readonly opcode: number
  readonly fin?: boolean
  /** RSV1 to RSV3, as a number of three bits. */
  readonly reserved?: number
  readonly masked?: boolean
  /** What the header says, where that is another number than there are bytes. */
  readonly length?: bigint
}

/** A WebSocket frame (RFC 6455, 5.2), as right or as wrong as one likes. */
export function frame(payload: Uint8Array, options: FrameOptions): Buffer {
  const { opcode, fin = true, reserved = 0, masked = true, length = BigInt(payload.length) } = options
  const header = Buffer.alloc(10)
  header[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  header[1] = (masked ? 0x80 : 0) | 127
  header.writeBigUInt64BE(length, 2)
  // A mask of zeros leaves the payload as it is.
  const mask = Buffer.alloc(masked ? 4 : 0)
  // Control frames have a short length, or none that is right.
  const short = Buffer.from([header[0], (masked ? 0x80 : 0) | payload.length])
  const head = payload.length < 126 && length === BigInt(payload.length) ? short : header
  return Buffer.concat([head, mask, payload])
}

/** A connection after its upgrade, as the window's own page has it; it has not said hello. */
export async function upgraded({ victim, stranger }: LocalScene, window: WindowClient, more = ""): Promise<Socket> {
  const socket = await stranger.connect()
  const { origin, cookie } = window.headers
  let head = ""
  socket.on("data", (chunk: Buffer) => {
    head += chunk.toString("latin1")
  })
  socket.write(
    `GET /__sallyport__/ipc HTTP/1.1\r\nHost: localhost:${victim.port}\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\n` +
      `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${more}\r\n`,
  )
  if (!(await until(() => head.includes("\r\n\r\n")))) throw new Error("the app let its own window not in")
  socket.removeAllListeners("data")
  return socket
}

export const hello = ({ launched }: WindowClient, more: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ hello: 1, credential: launched.credential, ...more }))

/** Whether the app welcomes who sends this. */
export async function isWelcomed(socket: Socket, hello: Buffer): Promise<boolean> {
  let text = ""
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1")
  })
  socket.write(hello)
  await until(() => text.includes('"session"') || hasEnded(socket))
  return text.includes('"session"')
}

export const hasEnded = (socket: Socket): boolean => socket.destroyed || socket.readableEnded
