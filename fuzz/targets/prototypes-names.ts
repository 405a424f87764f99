import { readNames } from "../read-names.ts"

/**
 * Names with which Node or the language itself fails: what it makes property descriptors of, calls on every value, or looks for on every
 * error, and Tauri's own `toJSON`, which is called on every argument. They may stop the Core or have it answer otherwise. No call may run.
 */
export const NODE_FAILS: ReadonlySet<string> = new Set([
  "get",
  "set",
  "value",
  "writable",
  "toJSON",
  "then",
  "encoding",
  "__TAURI_TO_IPC_KEY__",
])

/** Further names that may stop an app with its server, by why. No call may run, and nothing may be served that would not be otherwise. */
export const SERVER_FAILS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "events of streams: Node keeps their listeners in an ordinary object",
    ["aborted", "finish", "message", "pause", "ping", "pong", "resume"],
  ],
  [
    "options that net, dns and streams of Node read from ordinary objects, which they make themselves",
    [
      "blockList",
      "captureRejections",
      "defaultEncoding",
      "family",
      "highWaterMark",
      "hints",
      "keepAliveInitialDelay",
      "objectMode",
      "order",
      "pauseOnConnect",
      "signal",
      "verbatim",
      "writableObjectMode",
    ],
  ],
  ["members of the object in which Node's file system collects an error", ["errno", "error"]],
  [
    "members that json5, parse5 and acorn read of their own objects while the app starts",
    ["-1", "attrs", "body", "childNodes"],
  ],
])

const MAY_STOP: ReadonlySet<string> = new Set([...NODE_FAILS, ...[...SERVER_FAILS.values()].flat()])

export function mayStopServer(name: string): boolean {
  return MAY_STOP.has(name)
}

/** Options and members that Node's HTTP server, sockets, files and streams read, and `ws`: none of them stands in the source. */
const OF_NODE = `IncomingMessage ServerResponse all allowHalfOpen allowSynchronousEvents authTagLength autoDestroy backlog bigint binary
  clientTracking compress decodeStrings dereference domain emitClose exclusive fd filter fin flags flush force generateMask handle
  highWaterMarkBody insecureHTTPParser ipv6Only joinDuplicateHeaders keepAlive keepAliveTimeoutBuffer lookup manualStart mask
  maskBuffer masked maxHeadersCount maxRetries mode noDelay onread opcode optimizeEmptyRequests perMessageDeflate readOnly
  readableHighWaterMark recursive rejectNonStandardBodyWrites retryDelay reusePort rsv1 shouldUpgradeCallback skipUTF8Validation
  throwIfNoEntry uniqueHeaders verifyClient withFileTypes writableHighWaterMark _events`

/** Every name that an app with its server reads, as far as it is known. */
export const SERVER_NAMES: readonly string[] = [
  ...new Set([...readNames(), ...OF_NODE.split(/\s+/), ...[...SERVER_FAILS.values()].flat()]),
]
