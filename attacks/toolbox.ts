/**
 * What an attacker's script in the page has at hand. It runs after the bridge, as a compromised dependency would, and keeps
 * the page's own functions before it patches any.
 */

import { assembleParts } from "../src/boundary/sandbox/assemble-parts.ts"
import { PART_BYTES, postBytes } from "../src/boundary/wire/parts.ts"

const send = WebSocket.prototype.send
const textOf = (json: unknown): string => (typeof json === "string" ? json : JSON.stringify(json))

/** How a call ended. */
export type Ended = { readonly value: unknown } | { readonly error: string; readonly code: string | undefined }

export class Toolbox {
  /**
   * How long an attack waits for something that the app as it is does, in ms. It is long, because a busy machine may not make an
   * attack succeed. Without the defence nothing comes, and the control need not wait as long.
   */
  readonly patience: number

  constructor(patience: number) {
    this.patience = patience
  }

  /** Sealed frames that the bridge has sent since `tap`, and the sockets it has used. */
  readonly frames: ArrayBuffer[] = []
  readonly sockets: WebSocket[] = []
  /** Whether frames of the bridge are kept back, in `held`, instead of sent. */
  isHolding = false
  readonly held: ArrayBuffer[] = []

  /** A call as any script of the page makes it. */
  call(cmd: string, args?: unknown, options?: unknown): Promise<Ended> {
    const internals = (window as unknown as { __TAURI_INTERNALS__: { invoke(...call: unknown[]): Promise<unknown> } })
      .__TAURI_INTERNALS__
    return internals.invoke(cmd, args, options).then(
      (value) => ({ value }),
      (error: unknown) => ({
        error: error instanceof Error ? error.message : textOf(error),
        code: (error as { code?: string } | null)?.code,
      }),
    )
  }

  /** Gets hold of the bridge's socket and of what it sends, from under it, and waits until both are there. */
  async tap(): Promise<WebSocket> {
    const toolbox = this
    WebSocket.prototype.send = function (
      this: WebSocket,
      data: string | ArrayBufferLike | Blob | ArrayBufferView,
    ): void {
      if (!toolbox.sockets.includes(this)) toolbox.sockets.push(this)
      if (data instanceof ArrayBuffer) {
        toolbox.frames.push(data.slice(0))
        if (toolbox.isHolding) {
          toolbox.held.push(data)
          return
        }
      }
      send.call(this, data as string)
    }
    await this.call("allowed")
    return this.socket
  }

  /** The bridge's newest socket. */
  get socket(): WebSocket {
    const socket = this.sockets.at(-1)
    if (socket === undefined) throw new Error("tap() first")
    return socket
  }

  /** Sends past the bridge, and past its patches. */
  send(data: string | ArrayBuffer | Uint8Array<ArrayBuffer>, socket: WebSocket = this.socket): void {
    send.call(socket, data)
  }

  /** A socket of the attacker's own, with the window's credential unless told otherwise; resolves after the welcome. */
  async connect(
    credential: string = this.credential,
  ): Promise<{ readonly socket: WebSocket; readonly welcome: Welcome }> {
    const socket = new WebSocket(`ws://${location.host}/__sallyport__/ipc`)
    socket.binaryType = "arraybuffer"
    await new Promise((resolve) => {
      socket.onopen = resolve
    })
    send.call(socket, JSON.stringify({ hello: 1, credential }))
    const welcome = await new Promise<string>((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(data)
      socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`))
    })
    return { socket, welcome: JSON.parse(welcome) }
  }

  get credential(): string {
    return JSON.parse(sessionStorage.getItem("sallyport") ?? "{}").credential
  }

  /** A payload in the clear, as brownfield has it. */
  clear(json: unknown, ...blobs: Uint8Array[]): Uint8Array<ArrayBuffer> {
    const text = new TextEncoder().encode(textOf(json))
    const bytes = new Uint8Array(4 + text.length + blobs.reduce((size, blob) => size + blob.length, 0))
    new DataView(bytes.buffer).setUint32(0, text.length)
    bytes.set(text, 4)
    let offset = 4 + text.length
    for (const blob of blobs) {
      bytes.set(blob, offset)
      offset += blob.length
    }
    return bytes
  }

  /** A frame sealed with a key of the attacker's choice. */
  async forge(
    json: unknown,
    { seq, key = new Uint8Array(32), session }: { seq: number; key?: Uint8Array<ArrayBuffer>; session: Uint8Array },
  ): Promise<Uint8Array<ArrayBuffer>> {
    const header = new Uint8Array(9)
    header[0] = 1
    new DataView(header.buffer).setBigUint64(1, BigInt(seq))
    const iv = new Uint8Array(12)
    iv.set(header.subarray(1), 4)
    const additionalData = new Uint8Array([...session, ...header])
    const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"])
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, imported, this.clear(json))
    return new Uint8Array([...header, ...new Uint8Array(sealed)])
  }

  /**
   * A sandbox in a frame of the attacker's own, with the port that belongs to the page: `null` when none comes up. Its frames
   * stay with the attacker.
   */
  async sandbox(url: string, attributes: Readonly<Record<string, string>> = {}): Promise<OwnSandbox | null> {
    const element = document.createElement("iframe")
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.hidden = true
    const own: OwnSandbox = { element, port: null, frames: [], said: [] }
    const join = assembleParts(Infinity, (message) => {
      if (message instanceof ArrayBuffer) own.frames.push(message)
      else own.said.push(message as string)
    })
    const take = ({ data }: MessageEvent): void => join(data)
    const hear = (event: MessageEvent): void => {
      if (event.source !== element.contentWindow) return
      if (event.data !== "sallyport-port") {
        if (own.port !== null && !(own.port instanceof MessagePort)) take(event)
        return
      }
      const [port = null] = event.ports
      if (port !== null) port.onmessage = take
      // In WebKit, both post to each other's window.
      own.port = port ?? {
        postMessage: (message, transfer = []) => element.contentWindow?.postMessage(message, "*", transfer),
      }
    }
    addEventListener("message", hear)
    element.src = url
    document.body.append(element)
    // The port comes before the document has loaded: what has none a moment later is none of ours.
    let isOver = false
    element.onload = async () => {
      await this.until(() => own.port !== null, 200)
      isOver = own.port === null
    }
    const isReady = (): boolean => own.said.some((text) => text.includes("ready"))
    // Its first frame, which tells of the hook, comes after that: whoever seals must not take that for theirs.
    await this.until(() => isOver || (isReady() && own.frames.length > 0), 5000)
    if (!isReady()) removeEventListener("message", hear)
    return isReady() ? own : null
  }

  /** A session of the attacker's own, beside the bridge's: nothing is sent in it but by the attacker. */
  async session(): Promise<OwnSession> {
    const { socket, welcome } = await this.connect()
    const sandbox = await this.sandbox(welcome.frame ?? "")
    if (sandbox === null) throw new Error("the isolation document did not come up")
    const seal = async (batch: unknown): Promise<ArrayBuffer> => {
      const before = sandbox.frames.length
      sandbox.port?.postMessage(Array.isArray(batch) ? linesOf(batch) : batch)
      await this.until(() => sandbox.frames.length > before)
      return sandbox.frames[before] as ArrayBuffer
    }
    const sendAll = (to: WebSocket = socket): void => {
      for (const frame of sandbox.frames.splice(0))
        postBytes(new Uint8Array(frame), PART_BYTES, (part) =>
          send.call(to, part instanceof ArrayBuffer ? part : `${part}`),
        )
    }
    return { ...sandbox, socket, welcome, seal, sendAll }
  }

  /** Whether a session has been ended by the Core: asked for a while. */
  isRefused(socket: WebSocket): Promise<boolean> {
    return this.until(() => socket.readyState === 3, this.patience)
  }

  /** What something ends with, or `pending` when that takes too long. */
  inTime<T>(ended: Promise<T>): Promise<T | "pending"> {
    return Promise.race([ended, this.pause(this.patience).then(() => "pending" as const)])
  }

  /** Waits until something is so, or `ms` have passed. Returns whether it is so. */
  async until(isSo: () => boolean, ms = 3000): Promise<boolean> {
    for (const end = performance.now() + ms; !isSo(); await this.pause(5)) if (performance.now() > end) return false
    return true
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms))
  }

  /** A frame in the page, loaded; whoever made it removes it. */
  frame(url: string, attributes: Readonly<Record<string, string>> = {}): Promise<HTMLIFrameElement> {
    const element = document.createElement("iframe")
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.src = url
    return new Promise((resolve) => {
      element.onload = () => resolve(element)
      document.body.append(element)
    })
  }
}

/** A batch, with a call a line. */
function linesOf(calls: readonly unknown[]): string {
  return `[${calls.map((call) => JSON.stringify(call)).join(",\n")}]`
}

/** A port of a sandbox, or its window in WebKit. */
export interface SandboxPort {
  postMessage(message: unknown, transfer?: Transferable[]): void
}

export interface OwnSandbox {
  readonly element: HTMLIFrameElement
  port: SandboxPort | null
  /** What it has sealed, and nobody has sent. */
  readonly frames: ArrayBuffer[]
  readonly said: string[]
}

export interface OwnSession extends OwnSandbox {
  readonly socket: WebSocket
  readonly welcome: Welcome
  /** Has the sandbox take a batch, and resolves with what it seals next. */
  seal(batch: unknown): Promise<ArrayBuffer>
  /** Sends what has been sealed, in its order, by default where it belongs. */
  sendAll(to?: WebSocket): void
}

/** What the Core answers a hello with. */
export interface Welcome {
  readonly session: string
  readonly label: string
  readonly frame: string | null
}
