/**
 * The isolation frame's runtime: the first script of the isolation document, before any of the isolation app's.
 *
 * It is there before: a data element with this session's key, label and limits. It leaves out on purpose: any word to the
 * Core but sealed frames, any word to another page than the app's, any trace of the key that a script could read.
 */
import { fromBase64url } from "../protocol/bytes.ts"
import { ERRORS, type ErrorCode } from "../protocol/errors.ts"
import { type LogLine, PORT_MESSAGE, type PortMessage } from "../protocol/messages.ts"
import { readBatch } from "./batch.ts"
import { forwardConsole } from "./console.ts"
import { guardCall } from "./guard.ts"
import { HookRunner, hookState } from "./hook.ts"
import { Outbox } from "./outbox.ts"
import { Sealer } from "./sealer.ts"
import { importSealingKey, takeSessionData } from "./session-data.ts"

const session = takeSessionData()
const { port1: port, port2: pagePort } = new MessageChannel()
const say = (message: PortMessage): void => port.postMessage(JSON.stringify(message))
const fail = (code: ErrorCode, message: string): void => say({ failed: [code, message] })

const earlyLines: LogLine[] = []
let forward = (line: LogLine): void => void earlyLines.push(line)
forwardConsole((line) => forward(line))

const loaded = new Promise((resolve) => addEventListener("load", resolve))
parent.postMessage(PORT_MESSAGE, session.parent, [pagePort])
start().catch((error: unknown) => fail("SANDBOX_UNAVAILABLE", `${ERRORS.SANDBOX_UNAVAILABLE}: ${error}`))

async function start(): Promise<void> {
  const key = await importSealingKey(session)
  await loaded
  const { limits } = session
  const sealer = new Sealer(key, fromBase64url(session.session), (frame) => port.postMessage(frame, [frame]))
  const outbox = new Outbox(sealer, limits, () =>
    fail("SANDBOX_UNAVAILABLE", "the isolation frame could not seal a call"),
  )
  const state = hookState()
  outbox.announce(state)
  for (const line of earlyLines) outbox.log(line)
  forward = (line) => outbox.log(line)
  if (state === "missing")
    return fail("HOOK_MISSING", [ERRORS.HOOK_MISSING, ...earlyLines.map(([, text]) => text)].join("; "))

  const hook = new HookRunner(session.label, limits.hookTimeoutMs)
  let blobs: ArrayBuffer[] = []
  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) blobs.push(data)
    if (typeof data !== "string") return
    const batch = readBatch(data, blobs, limits)
    blobs = []
    const refused: [id: number, code: string, message: string][] = []
    const refuse = (id: number, cmd: string, { code, message }: { code: string; message: string }): void => {
      if (refused.push([id, code, message]) === 1) queueMicrotask(() => say({ refused: refused.splice(0) }))
      outbox.refused([id, cmd.slice(0, 200), code, message.slice(0, 300)])
    }
    for (const { id, cmd, reason } of batch.refused) refuse(id, cmd, reason)
    for (const call of batch.calls) {
      guardCall(
        call,
        hook,
        limits,
        (passed) => outbox.call(passed),
        (reason) => refuse(call.id, call.cmd, reason),
      )
    }
    say({ taken: true })
  }
  say({ ready: true })
}
