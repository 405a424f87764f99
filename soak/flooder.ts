/**
 * A window that floods, in a process of its own: what it costs itself must not count as the Core's. It is started with its
 * launch link, and floods from "go" to "stop": whenever the Core has answered, it makes as many calls again.
 */
import { LoadWindow } from "./client.ts"

/** Calls in flight: as many as a page makes in a loop that never waits, and no more than the limits allow. */
const IN_FLIGHT = 20_000

export type FromFlooder =
  | { readonly kind: "ready" }
  | { readonly kind: "stopped"; readonly calls: number }
  | { readonly kind: "ended" }

const tell = (message: FromFlooder): void => void process.send?.(message)
const window = await LoadWindow.open(process.argv[2] ?? "")
const session = await window.connect()
let isFlooding = false
let inFlight = 0
let calls = 0
let id = 0

session.onFrame = ({ replies = [] }) => {
  inFlight -= replies.length
  calls += replies.length
  if (isFlooding) flood()
  else if (inFlight === 0) tell({ kind: "stopped", calls })
}
session.closed.then(() => tell({ kind: "ended" }))

function flood(): void {
  while (inFlight < IN_FLIGHT) {
    const tuples: string[] = []
    for (let characters = 0; characters < 64 * 1024; ) {
      id = id < 0xffff_ffff ? id + 1 : 1
      const tuple = `[${id},"echo",{"path":"notes/a.md","n":${id}}]`
      characters += tuple.length
      tuples.push(tuple)
    }
    inFlight += tuples.length
    session.send(`{"calls":[${tuples}],"blobs":[]}`)
  }
}

process.on("message", (message: "go" | "stop") => {
  isFlooding = message === "go"
  if (isFlooding) {
    calls = 0
    flood()
  }
})
process.once("disconnect", () => process.exit(0))
tell({ kind: "ready" })
