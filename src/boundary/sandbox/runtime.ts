/**
 * The isolation frame's runtime: the first script of the isolation document, before any of the isolation app's.
 *
 * It is there before: a data element with this session's key, label and limits. It leaves out on purpose: any word to the
 * Core but sealed frames, any word to another page than the app's, any trace of the key that a script could read.
 */
import type { ErrorCode } from "../wire/errors.ts"
import type { LogLine, PortMessage } from "../wire/messages.ts"
import { postBytes } from "../wire/parts.ts"
import { assembleParts } from "./assemble-parts.ts"
import { type Refuse, readBatch } from "./batch.ts"
import { CallBatcher } from "./call-batcher.ts"
import { connect } from "./connect.ts"
import { forwardConsole } from "./console.ts"
import { makeCloneable } from "./hook-payload.ts"
import { HookRunner, hookState } from "./hook-runner.ts"
import { passCall, type Verdict } from "./pass-call.ts"
import { RecordSealer } from "./record-sealer.ts"
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
  const sealer = new RecordSealer(key, Uint8Array.from(session.session), (header, sealed) =>
    postBytes(header, new Uint8Array(sealed), partBytes, post),
  )
  const batcher = new CallBatcher(sealer, limits, broken)
  const state = hookState()
  const announced = sealer.seal(JSON.stringify({ hook: state, logs: earlyLines, blobs: [] }), [])
  forward = (line) => batcher.log(line)
  if (state === "missing") {
    // Before the page hears of it: it ends a session that has failed, and the Core must know why.
    await announced
    return fail("HOOK_MISSING", earlyLines.map(([, text]) => text).join("; "))
  }
  announced.catch(broken)

  const hook = new HookRunner(session.label, limits.hookTimeoutMs)
  let blobs: ArrayBuffer[] = []
  // Before any frame: only then has the page a session that the Core may see calls of.
  say({ ready: true })
  listen(
    assembleParts(limits.blobBytes, (data) => {
      if (data instanceof ArrayBuffer) blobs.push(data)
      if (typeof data !== "string") return
      const refused: [id: number, code: string, message: string][] = []
      const refuse: Refuse = (id, cmd, { code, message }) => {
        if (refused.push([id, code, message]) === 1) queueMicrotask(() => say({ refused: refused.splice(0) }))
        batcher.refused([id, cmd.slice(0, 200), code, message.slice(0, 300)])
      }
      const verdict: Verdict = {
        pass: (passed) => batcher.call(passed),
        refuse: ({ id, cmd }, reason) => refuse(id, cmd, reason),
      }
      hook.begin()
      for (const call of readBatch(data, blobs, limits.nesting, refuse)) passCall(call, hook, limits, verdict)
      blobs = []
      // A frame says it, too.
      if (!batcher.isWaiting) say({ taken: true })
    }),
  )
}
