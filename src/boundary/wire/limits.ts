/**
 * Limits and their defaults. The Core takes other values from `plugins.sallyport.limits` in the configuration.
 *
 * Promises that whatever a page can ask for without end has a bound. Stops P16, P27, P32 and P33. Each limit says its unit, which realm
 * enforces it, and its reason; what is as large as the limit passes.
 */
export const LIMITS = {
  /** Bytes; page, sandbox and Core. Parsing hostile JSON takes about 0.15 s a MiB, and the Core parses for every window: a step of it stays under 0.1 s. */
  jsonBytes: 524_288,
  /** Bytes; page, sandbox and Core. A raw argument is in memory several times between the page and the command. */
  blobBytes: 67_108_864,
  /** Levels; page, sandbox and Core. Deep JSON exhausts the stack of whatever walks it: the hook, a validator, a command. */
  nesting: 256,
  /** Calls of a session; page and Core. A page that never waits must not fill the Core's memory. */
  callsInFlight: 65_536,
  /** Bytes of a window; page and Core. Its calls hold their arguments at the same time, and parsed JSON takes up to 25 times the bytes of its text. */
  bytesInFlight: 71_303_168,
  /** Sessions of a window; Core. The page can copy its window credential, which must not take every session. */
  sessionsPerWindow: 8,
  /** Sessions; Core. Bounds the Core's memory whatever the windows do. */
  sessions: 1024,
  /** Sockets; Core. A connection is unauthenticated until hello, and takes memory. */
  pendingSockets: 64,
  /** Bytes of a session; Core. A page that does not read ends its own session instead of filling the Core's memory. */
  outgoingBytes: 67_108_864,
  /** Milliseconds; Core. A socket must authenticate before it may wait. */
  helloTimeoutMs: 10_000,
  /** Milliseconds; page and Core. A frame ticket gives its bearer a key, so it lives no longer than loading the isolation frame takes. */
  frameTimeoutMs: 10_000,
  /** Milliseconds; sandbox. A hook that never returns must not leave a promise pending for ever. */
  hookTimeoutMs: 10_000,
}

/** Every limit with its value. */
export type Limits = Readonly<Record<keyof typeof LIMITS, number>>

/** Returns the limits of a Core: the defaults, with what the author set over them. */
export function resolveLimits(overrides: Partial<Limits> = {}): Limits {
  return { ...LIMITS, ...overrides }
}

/** Bytes; page, sandbox and Core. What a message has besides calls and their bytes, at most: the record's header and tag, the payload's names, brackets and lengths. */
export const RECORD_OVERHEAD = 256

/** Returns the bytes of the largest record that the Core accepts. */
export function largestRecord({ jsonBytes, blobBytes }: Limits): number {
  return jsonBytes + blobBytes + RECORD_OVERHEAD
}
