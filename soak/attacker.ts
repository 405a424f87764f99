/**
 * A window whose page is an attacker's, in a process of its own: eight sessions, each of which sends the costliest records that the
 * limits allow, one behind the other, as fast as the Core takes them. It is started with its launch link, and told which.
 */
import { setTimeout as delay } from "node:timers/promises"
import { LoadWindow } from "./client.ts"
import type { LoadSession } from "./load-session.ts"
import { hostileRecord } from "./shapes.ts"

/** As many as the Core takes. */
const SESSIONS = 8
/** Of each session. */
const CALLS_IN_FLIGHT = 65_536
/** Bytes that wait in a socket of ours: there is always a next record, and not a second's worth. */
const AHEAD_BYTES = 1024 * 1024

/** What to send from now on: shapes with their commands, in turn; none: nothing. */
export type ToAttacker = readonly { readonly shape: string; readonly command: string }[]

export type FromAttacker =
  | { readonly kind: "ready" }
  /** A session was ended, by the Core: a record was not legal. */
  | { readonly kind: "ended" }
  | { readonly kind: "sent"; readonly records: number }

const tell = (message: FromAttacker): void => void process.send?.(message)
let mix: ToAttacker = []
let records = 0

const window = await LoadWindow.open(process.argv[2] ?? "")
for (let count = 0; count < SESSIONS; count++) void flood(await window.connect())
process.on("message", (message: ToAttacker) => {
  mix = message
  tell({ kind: "sent", records })
})
process.once("disconnect", () => process.exit(0))
tell({ kind: "ready" })

async function flood(session: LoadSession): Promise<void> {
  let [id, inFlight, isOver] = [1, 0, false]
  session.onFrame = ({ replies = [] }) => {
    inFlight -= replies.length
  }
  session.closed.then(() => {
    isOver = true
    tell({ kind: "ended" })
  })
  for (let turn = 0; !isOver; turn++) {
    const next = mix[turn % Math.max(1, mix.length)]
    if (next === undefined || session.bufferedBytes > AHEAD_BYTES) {
      await delay(2)
      continue
    }
    const { json, calls, blobs } = hostileRecord(next.shape, next.command, id)
    if (inFlight + calls > CALLS_IN_FLIGHT) {
      await delay(2)
      continue
    }
    id = id + calls < 0xf000_0000 ? id + calls : 1
    inFlight += calls
    records++
    session.send(json, blobs)
    await delay(0)
  }
}
