import { bare } from "./own.ts"
/** One limit: its default, what it counts, why it is there, and which realm turns the excess away. */
export interface LimitDefinition {
  readonly default: number
  readonly unit: "bytes" | "levels" | "calls" | "ms" | "sessions" | "sockets"
  readonly reason: string
  readonly enforcedBy: readonly ("page" | "sandbox" | "core")[]
}

/** Every limit with its value, in the unit that `LIMITS` names. */
export interface Limits {
  readonly jsonBytes: number
  readonly blobBytes: number
  readonly nesting: number
  readonly callsInFlight: number
  readonly bytesInFlight: number
  readonly sessionsPerWindow: number
  readonly sessions: number
  readonly pendingSockets: number
  readonly outgoingBytes: number
  readonly helloTimeoutMs: number
  readonly frameTimeoutMs: number
  readonly hookTimeoutMs: number
}

export type LimitName = keyof Limits

/** Every limit of Sallyport. All can be set under `plugins.sallyport.limits` in the configuration file. */
export const LIMITS: Readonly<Record<LimitName, LimitDefinition>> = {
  jsonBytes: {
    default: 512 * 1024,
    unit: "bytes",
    reason:
      "parsing hostile JSON costs about 0.15 s a MiB, and the Core parses for every window: a step of it stays under 0.1 s",
    enforcedBy: ["page", "sandbox", "core"],
  },
  blobBytes: {
    default: 64 * 1024 * 1024,
    unit: "bytes",
    reason: "a raw argument stands in memory several times between the page and the command",
    enforcedBy: ["page", "sandbox", "core"],
  },
  nesting: {
    default: 256,
    unit: "levels",
    reason: "deep JSON exhausts the stack of whatever walks it: the hook, a validator, a command",
    enforcedBy: ["page", "sandbox", "core"],
  },
  callsInFlight: {
    default: 65_536,
    unit: "calls",
    reason: "a page that never waits must not fill the Core's memory",
    enforcedBy: ["page", "core"],
  },
  bytesInFlight: {
    default: 68 * 1024 * 1024,
    unit: "bytes",
    reason:
      "the calls of a window hold their arguments at the same time, and JSON takes up to 25 times its text once it is parsed",
    enforcedBy: ["page", "core"],
  },
  sessionsPerWindow: {
    default: 8,
    unit: "sessions",
    reason: "a window credential can be copied by the page; it must not take every session",
    enforcedBy: ["core"],
  },
  sessions: {
    default: 1024,
    unit: "sessions",
    reason: "bounds the Core's memory whatever the windows do",
    enforcedBy: ["core"],
  },
  pendingSockets: {
    default: 64,
    unit: "sockets",
    reason: "a socket that has not said hello costs a slot and is held by nobody we know",
    enforcedBy: ["core"],
  },
  outgoingBytes: {
    default: 64 * 1024 * 1024,
    unit: "bytes",
    reason: "a page that does not read ends its own session instead of filling the Core",
    enforcedBy: ["core"],
  },
  helloTimeoutMs: {
    default: 10_000,
    unit: "ms",
    reason: "a socket must say who it is before it may wait",
    enforcedBy: ["core"],
  },
  frameTimeoutMs: {
    default: 10_000,
    unit: "ms",
    reason: "a frame ticket is a bearer token for a key: it lives no longer than loading a frame takes",
    enforcedBy: ["core", "page"],
  },
  hookTimeoutMs: {
    default: 10_000,
    unit: "ms",
    reason: "a hook that never answers must not leave a promise pending for ever",
    enforcedBy: ["sandbox"],
  },
}

/** The limits a Core works with: the defaults, with what the author set over them. */
export function resolveLimits(overrides: Partial<Limits> = {}): Limits {
  const set = bare(overrides)
  const names = Object.keys(LIMITS) as LimitName[]
  return Object.fromEntries(names.map((name) => [name, set[name] ?? LIMITS[name].default])) as Record<LimitName, number>
}

/** What a frame adds to its payload: header, tag, JSON's length. In bytes. */
const FRAME_OVERHEAD = 64

/** Bytes of the largest frame that the Core takes. */
export function largestFrame({ jsonBytes, blobBytes }: Limits): number {
  return jsonBytes + blobBytes + FRAME_OVERHEAD
}
