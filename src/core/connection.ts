/**
 * What the Core knows of a transport: bytes in, bytes out, an end. The loopback WebSocket is the first kind.
 *
 * Text carries the handshake (hello, welcome), bytes carry frames.
 */
export interface Connection {
  /** Called for each whole message. Set once, before the first message can arrive. */
  onMessage: ((message: string | Uint8Array) => void) | null
  /** Called once when the connection is gone, whoever ended it; with a reason where it is known, in words. */
  onClose: ((reason?: string) => void) | null
  /** Bytes handed to `send` that the transport has not yet passed on. */
  readonly bufferedBytes: number
  send(message: string | Uint8Array): void
  /** Has the peer wait: until `resume`, no messages come but those that are here already. */
  pause(): void
  resume(): void
  /** Ends the connection. `code` is a WebSocket close code (RFC 6455, 7.4; 4000 to 4999 are ours). */
  close(code: number, reason: string): void
}
