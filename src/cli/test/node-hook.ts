import { randomBytes } from "node:crypto"
import { type MessagePort, Worker } from "node:worker_threads"
import { readCallPayload } from "../../boundary/core/call-payload.ts"
import { RecordOpener } from "../../boundary/core/record-opener.ts"
import type { PortMessage } from "../../boundary/wire/messages.ts"
import { KEY_BYTES, SESSION_ID_BYTES } from "../../boundary/wire/sealing.ts"
import { rawBytes, serialize } from "../../boundary/wire/serialize.ts"
import { payloadMemory } from "../../core/payload-memory.ts"
import { readReport } from "../../core/sandbox-report.ts"
import { SANDBOX } from "../../embedded/sandbox.ts"
import type { HookScript } from "./hook-scripts.ts"
import type { Answer, HookOptions, HookUnderTest, TestCall } from "./hook-under-test.ts"
import type { RealmData, RealmMessage, ScriptCoverage } from "./node-realm.ts"

/** How much longer than its time a hook may block before its realm is given up, in ms: its own clock comes first. */
const GRACE_MS = 500

export interface NodeHookOptions extends HookOptions {
  readonly scripts: readonly HookScript[]
  /** Whether V8 counts what runs. */
  readonly coverage: boolean
}

/** The isolation app in realms of its own, without a browser: one for each window. Page and Core are this side. */
export class NodeHook implements HookUnderTest {
  readonly #options: NodeHookOptions
  readonly #realms = new Map<string, Promise<Realm>>()
  readonly #coverage: ScriptCoverage[] = []

  constructor(options: NodeHookOptions) {
    this.#options = options
  }

  async ask(call: TestCall, window: string): Promise<Answer> {
    let realm = this.#realms.get(window)
    if (realm === undefined) {
      realm = Realm.start(this.#options, window)
      this.#realms.set(window, realm)
    }
    const answer = await (await realm).ask(call)
    if (answer !== null) return answer
    // Its thread hangs: the next call gets a new one.
    this.#realms.delete(window)
    await (await realm).end()
    return { passed: false, code: "HOOK_TIMEOUT", message: "the isolation hook blocks its thread and never returns" }
  }

  /** What ran so far, of every window; empty unless asked for. */
  async takeCoverage(): Promise<readonly ScriptCoverage[]> {
    for (const realm of this.#realms.values()) this.#coverage.push(...(await (await realm).takeCoverage()))
    return this.#coverage
  }

  async close(): Promise<void> {
    for (const realm of this.#realms.values()) await realm.then((running) => running.end()).catch(() => {})
  }
}

type Waiting = (answer: Answer) => void

class Realm {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #options: NodeHookOptions
  readonly #opener: RecordOpener
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  /** Why no call will be taken: each is answered so. */
  #failed: Answer | null = null
  #ready: () => void = () => {}

  private constructor(worker: Worker, port: MessagePort, opener: RecordOpener, options: NodeHookOptions) {
    this.#worker = worker
    this.#port = port
    this.#opener = opener
    this.#options = options
  }

  static async start(options: NodeHookOptions, label: string): Promise<Realm> {
    const { jsonBytes, blobBytes, nesting, hookTimeoutMs } = options.limits
    const session = randomBytes(SESSION_ID_BYTES)
    const key = randomBytes(KEY_BYTES)
    const limits = { jsonBytes, blobBytes, nesting, hookTimeoutMs }
    const data: RealmData = {
      runtime: SANDBOX,
      scripts: options.scripts,
      session: { session: [...session], key: [...key], label, limits, parent: "" },
      coverage: options.coverage,
    }
    // What the isolation app prints comes sealed, as in an app. Built, this file is JavaScript, and so is that one.
    const file = import.meta.url.endsWith(".ts") ? "node-realm.ts" : "node-realm.js"
    const worker = new Worker(new URL(file, import.meta.url), { workerData: data, stdout: true, stderr: true })
    const port = await new Promise<MessagePort>((resolve, reject) => {
      worker.once("message", (message: RealmMessage) => "port" in message && resolve(message.port))
      worker.once("error", reject)
    })
    const realm = new Realm(worker, port, new RecordOpener(key, session), options)
    worker.on("error", (error) => realm.#fail("SANDBOX_UNAVAILABLE", String(error)))
    const begun = new Promise<void>((resolve) => {
      realm.#ready = resolve
    })
    port.on("message", (message: unknown) => realm.#hear(message))
    const slow = setTimeout(() => realm.#fail("SANDBOX_UNAVAILABLE", "its scripts never end"), hookTimeoutMs)
    await begun
    clearTimeout(slow)
    return realm
  }

  /** `null` when the hook blocks its thread for longer than a hook may take. */
  ask({ cmd, payload, headers }: TestCall): Promise<Answer | null> {
    if (this.#failed !== null) return Promise.resolve(this.#failed)
    const id = ++this.#lastId
    const raw = rawBytes(payload)
    const tuple = [id, JSON.stringify(cmd), raw === null ? serialize(payload ?? {}) : "null", JSON.stringify(headers)]
    if (raw !== null) this.#port.postMessage(raw.slice().buffer)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), this.#options.limits.hookTimeoutMs + GRACE_MS)
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      this.#port.postMessage(`[[${tuple.join(",")}${raw === null ? "" : ",0"}]]`)
    })
  }

  takeCoverage(): Promise<readonly ScriptCoverage[]> {
    if (!this.#options.coverage) return Promise.resolve([])
    return new Promise((resolve) => {
      this.#worker.once("message", (message: RealmMessage) => "coverage" in message && resolve(message.coverage))
      this.#worker.postMessage("coverage")
    })
  }

  async end(): Promise<void> {
    this.#port.close()
    await this.#worker.terminate()
  }

  #hear(message: unknown): void {
    if (typeof message !== "string") return this.#open(new Uint8Array(message as ArrayBuffer))
    const { ready, failed, refused } = JSON.parse(message) as PortMessage
    if (ready === true) this.#ready()
    if (failed !== undefined) this.#fail(...failed)
    for (const [id, code, text] of refused ?? []) this.#answer(id, { passed: false, code, message: text })
  }

  #open(frame: Uint8Array): void {
    const bytes = this.#opener.open(frame)
    if (bytes === null) return this.#fail("SANDBOX_UNAVAILABLE", "what it sealed cannot be opened")
    const { limits } = this.#options
    const { calls, members } = readCallPayload(
      bytes,
      limits,
      payloadMemory(limits, () => true),
    )
    for (const [level, text] of readReport(members).logs) this.#options.log(`${level}: ${text}`)
    for (const { id, cmd, args } of calls) this.#answer(id, { passed: true, cmd, payload: args })
  }

  #answer(id: number, answer: Answer): void {
    this.#waiting.get(id)?.(answer)
    this.#waiting.delete(id)
  }

  #fail(code: string, message: string): void {
    this.#failed = { passed: false, code, message }
    for (const waiting of this.#waiting.values()) waiting(this.#failed)
    this.#waiting.clear()
    this.#ready()
  }
}
