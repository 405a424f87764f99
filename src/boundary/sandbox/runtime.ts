/**
 * Starts the sandbox: the first script of the isolation document, before any script of the isolation app.
 *
 * Promises that a call of the page reaches the Core only through the hook. Needs a data element with this session's key, label and
 * limits. Deliberately sends the Core nothing but records, speaks to no page but the app's, and leaves no trace of the key that a script
 * could read. Stops P1 and P24 (calls around the hook), P12 (another page or sandbox in between) and P13 (a patched page).
 */
import type { ErrorCode, Rejection } from "../wire/errors.ts"
import { RECORD_OVERHEAD } from "../wire/limits.ts"
import type { LogLine, PortMessage } from "../wire/messages.ts"
import { postBytes } from "../wire/parts.ts"
import { encoder } from "../wire/payload.ts"
import { assembleParts } from "./assemble-parts.ts"
import { type Reject, readBatch } from "./batch.ts"
import { CallBatcher } from "./call-batcher.ts"
import { connect } from "./connect.ts"
import { forwardConsole } from "./console.ts"
import { makeCloneable } from "./hook-payload.ts"
import { hookState } from "./hook-runner.ts"
import { passCall } from "./pass-call.ts"
import { createRecordSealer } from "./record-sealer.ts"
import { importSealingKey, takeSessionData } from "./session-data.ts"

const session = takeSessionData()
const { post, partBytes, listen } = connect(session.parent)
const say = (message: PortMessage): void => post(JSON.stringify(message), [])
const fail = (code: ErrorCode, detail: string): void => say({ failed: [code, detail] })
const broken = (error: unknown): void => fail("SANDBOX_UNAVAILABLE", String(error))

const earlyLines: LogLine[] = []
let forward = (line: LogLine): void => void earlyLines.push(line)
forwardConsole((line) => forward(line))
makeCloneable()

const loaded = new Promise((resolve) => addEventListener("load", resolve))
start().catch(broken)

async function start(): Promise<void> {
  const key = await importSealingKey(session)
  await loaded
  const { limits } = session
  const send = (record: Uint8Array<ArrayBuffer>): void => postBytes(record, partBytes, post)
  const seal = createRecordSealer(key, Uint8Array.from(session.session), send)
  const batcher = new CallBatcher(seal, limits, broken)
  const state = hookState()
  // No more lines than a record takes. The others follow in records of their own.
  let first = earlyLines.length
  const room = limits.jsonBytes - RECORD_OVERHEAD
  while (encoder.encode(JSON.stringify(earlyLines.slice(0, first))).length > room) first >>= 1
  const announced = seal(JSON.stringify({ hook: state, logs: earlyLines.slice(0, first), blobs: [] }), [])
  forward = (line) => batcher.log(line)
  earlyLines.slice(first).forEach(forward)
  if (state === "missing") {
    // The record leaves before the page is told: the page ends a session that has failed, and the Core must know why.
    await announced
    return fail("HOOK_MISSING", earlyLines.map(([, text]) => text).join("; "))
  }
  announced.catch(broken)

  let blobs: ArrayBuffer[] = []
  // Leaves before the record that is being sealed: only then does the page have a session in which the Core may see calls.
  say({ ready: true })
  listen(
    assembleParts(limits.blobBytes, (data) => {
      if (data instanceof ArrayBuffer) blobs.push(data)
      if (typeof data !== "string") return
      const refused: [id: number, code: string, message: string][] = []
      const reject: Reject = ({ id, cmd }, { code, message }) => {
        if (refused.push([id, code, message]) === 1) queueMicrotask(() => say({ refused: refused.splice(0) }))
        batcher.rejected([id, cmd.slice(0, 200), code, message.slice(0, 300)])
      }
      for (const request of readBatch(data, blobs, limits.nesting, reject)) {
        const rejected = (rejection: Rejection): void => reject(request, rejection)
        passCall(request, session, (call) => batcher.call(call), rejected)
      }
      blobs = []
      // Not when a record will leave at the end of this turn: the page takes that for `taken`, too.
      if (!batcher.isWaiting) say({ taken: true })
    }),
  )
}
