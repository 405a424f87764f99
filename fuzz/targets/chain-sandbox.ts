import { createContext, runInContext } from "node:vm"
import type { FrameGrant } from "../../src/boundary/core/frame-tickets.ts"
import { SANDBOX } from "../../src/embedded/sandbox.ts"
import type { Links } from "./chain-links.ts"

/** What the isolation app says of a call that it has seen, by the command's name. */
const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (call) => {
  const bytes = (_, value) => (value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value)
  const pass = (result) => {
    passed(call.cmd + " " + JSON.stringify(result.payload, bytes))
    return result
  }
  if (call.cmd === "refuse") throw new Error("no")
  if (call.cmd === "nothing") return
  if (call.cmd === "slow") return later().then(() => pass(call))
  if (call.cmd === "copy") return pass({ cmd: call.cmd, payload: call.payload })
  if (call.cmd === "change" && !(call.payload instanceof ArrayBuffer)) call.changed = true
  return pass(call)
}`

/** A sandbox as the isolation document makes it: the runtime as it is shipped, in a realm of its own, then the isolation app. */
export class Sandbox {
  readonly #loaded: (() => void)[] = []
  #later: (() => void)[] = []

  /**
   * @param passed hears of each call that the hook has passed: the command, and its arguments as JSON
   * @param connect gets the page's end of the port
   */
  constructor(
    { session, key, label, limits }: FrameGrant,
    links: Links,
    now: () => number,
    passed: (call: string) => void,
    connect: (port: unknown) => void,
  ) {
    const data = { session: [...session], key: [...key], label, limits, parent: "http://localhost:1" }
    // Engines finish when they like, in any order.
    const subtle = {
      importKey: (format: "raw", key: Uint8Array<ArrayBuffer>, name: string, extractable: boolean, uses: KeyUsage[]) =>
        links.whenever(crypto.subtle.importKey(format, key, name, extractable, uses)),
      encrypt: (how: AesGcmParams, key: CryptoKey, data: Uint8Array<ArrayBuffer>) =>
        links.whenever(crypto.subtle.encrypt(how, key, data)),
    }
    const realm = createContext({
      document: { getElementById: () => ({ text: JSON.stringify(data), remove: () => {} }) },
      parent: { postMessage: (_message: unknown, _origin: unknown, [port]: unknown[]) => connect(port) },
      addEventListener: (name: string, listener: () => void) => name === "load" && this.#loaded.push(listener),
      MessageChannel: links.channel("sandbox"),
      crypto: { subtle },
      navigator: { vendor: "" },
      console: { debug() {}, info() {}, log() {}, warn() {}, error() {} },
      performance: { now },
      setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
      clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
      queueMicrotask,
      structuredClone,
      TextEncoder,
      TextDecoder,
      ArrayBuffer,
      Uint8Array,
      DataView,
      passed,
      later: () => new Promise<void>((resolve) => this.#later.push(resolve)),
    })
    Object.assign(realm, { window: realm })
    runInContext(SANDBOX, realm)
    runInContext(HOOK, realm)
    for (const loaded of this.#loaded) loaded()
  }

  /** Whatever a slow hook waits for is there. */
  finishHooks(): void {
    const waiting = this.#later
    this.#later = []
    for (const go of waiting) go()
  }
}
