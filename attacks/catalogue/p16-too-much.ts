import type { Attack, Defence, Replacement } from "../attack.ts"

const off = (what: string, file: string, find: string, replace: string): Replacement => ({
  off: what,
  file,
  find,
  replace,
})

const NESTING: readonly Replacement[] = [
  off(
    "the limit of nesting in the sandbox",
    "boundary/wire/parse.ts",
    "if (code === 0x7b && ++depth > limit) return true",
    "if (code === 0x7b) depth++",
  ),
  off("the limit of nesting in the Core", "core/json-size.ts", "if (++depth > nesting) return null", "depth++"),
]
const JSON_BYTES: readonly Replacement[] = [
  off(
    "the limit of a call's JSON in the sandbox",
    "boundary/sandbox/pass-call.ts",
    "if (encoder.encode(tuple).length > limits.jsonBytes - RECORD_OVERHEAD)",
    "if (tuple.length < 0)",
  ),
  off(
    "the limit of a frame's JSON in the Core",
    "boundary/core/call-payload.ts",
    "if (text.length > limits.jsonBytes)",
    "if (bytes.length < 0)",
  ),
]
const BLOB_BYTES: readonly Replacement[] = [
  off(
    "the limit of a raw argument in the sandbox",
    "boundary/sandbox/pass-call.ts",
    "blob.length > limits.blobBytes",
    "blob.length < 0",
  ),
  off(
    "the limit of a frame's raw arguments in the Core",
    "boundary/core/call-payload.ts",
    "if (rest.length > limits.blobBytes)",
    "if (rest.length < 0)",
  ),
]
const IN_FLIGHT = off(
  "the limit of calls in flight in the Core",
  "core/call-table.ts",
  "if (this.#inFlight.size >= this.#maxCalls)",
  "if (this.#inFlight.size < 0)",
)
const BYTES_IN_FLIGHT: readonly Replacement[] = [
  off(
    "the limit of bytes in flight in the Core",
    "core/window-memory.ts",
    "if (this.#calls + bytes > this.#limit) return false",
    "",
  ),
  off(
    "the limit of bytes that are not read yet",
    "core/window-memory.ts",
    "if (this.#input + bytes > this.#limit) return false",
    "",
  ),
]

/** What is sent past the bridge, which would have turned it away; and whether more ran than may. */
interface Excess {
  readonly name: string
  readonly stoppedBy: string
  readonly defence: Defence
  readonly control: Attack["control"]
  readonly limits: Readonly<Record<string, number>>
  /** With `session`, a session of the attacker's own. */
  readonly send: string
  /** Number of calls of that command that are too many. */
  readonly command: string
  readonly tooMany: number
}

const EXCESSES: readonly Excess[] = [
  {
    name: "a thousand levels of nesting",
    stoppedBy: "the limit `nesting`, before anything recursive sees the text",
    defence: "core",
    control: NESTING,
    limits: {},
    send: `session.port.postMessage('[[1,"allowed",{"a":' + "[".repeat(1000) + "]".repeat(1000) + '}]]')`,
    command: "allowed",
    tooMany: 1,
  },
  {
    name: "JSON that is larger than a frame's may be",
    stoppedBy: "the limit `jsonBytes`, in the sandbox and in the Core",
    defence: "browser",
    control: JSON_BYTES,
    limits: { jsonBytes: 100_000 },
    send: `session.port.postMessage(JSON.stringify([[1, "allowed", { a: "x".repeat(200000) }]]))`,
    command: "allowed",
    tooMany: 1,
  },
  {
    name: "a raw argument that is larger than one may be",
    stoppedBy: "the limit `blobBytes`, in the sandbox and in the Core",
    defence: "browser",
    control: BLOB_BYTES,
    limits: { blobBytes: 100_000 },
    send: `session.port.postMessage(new ArrayBuffer(200000)); session.port.postMessage('[[1,"allowed",null,null,0]]')`,
    command: "allowed",
    tooMany: 1,
  },
  {
    name: "more calls at once than may be in flight",
    stoppedBy: "the limit `callsInFlight`, in the Core: the session ends",
    defence: "core",
    control: IN_FLIGHT,
    limits: { callsInFlight: 50 },
    send: `session.port.postMessage(batch(500, {}))`,
    command: "slow",
    tooMany: 51,
  },
  {
    name: "calls in flight that hold more than they may together",
    stoppedBy: "the limit `bytesInFlight`, in the Core: each call beyond it is rejected",
    defence: "core",
    control: BYTES_IN_FLIGHT,
    limits: { bytesInFlight: 100_000 },
    send: `session.port.postMessage(batch(40, { a: "x".repeat(10000) }))`,
    command: "slow",
    tooMany: 11,
  },
]

/** P16: too much of everything. */
export const tooMuch: readonly Attack[] = EXCESSES.map(
  ({ name, stoppedBy, defence, control, limits, send, command, tooMany }) => ({
    id: "P16",
    name: `${name}, sent past the bridge`,
    stoppedBy,
    defence,
    control,
    victim: { limits },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
      const session = await attacker.session()
      const batch = (calls, args) =>
        "[" + Array.from({ length: calls }, (_, id) => JSON.stringify([id, "slow", args])).join(",\\n") + "]"
      ${send}
      await attacker.until(() => session.frames.length > 1, 10_000)
      await attacker.pause(50)
      session.sendAll()
      await attacker.pause(300)`)
      return victim.ran.filter((ran) => ran.command === command).length >= tooMany
    },
  }),
)
