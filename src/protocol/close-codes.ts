/**
 * Why the Core ended a session: WebSocket close codes of the private range (RFC 6455, 7.4.2). One code covers forged,
 * stale, repeated and reordered frames alike: the page learns nothing from it.
 */
export const CLOSE = {
  HELLO_INVALID: 4001,
  HELLO_TIMEOUT: 4002,
  CREDENTIAL_UNKNOWN: 4003,
  TOO_MANY_SESSIONS: 4004,
  FRAME_REFUSED: 4005,
  LIMIT_EXCEEDED: 4006,
  NOT_READING: 4007,
  /** RFC 6455, 7.4.1: "normal closure". */
  NORMAL: 1000,
  /** RFC 6455, 7.4.1: "going away". */
  CLOSING: 1001,
} as const
