import assert from "node:assert/strict"
import { afterEach, beforeEach, mock } from "node:test"
import type { CoreConnection } from "./connection.ts"
import { connect, FakeSocket, listeners } from "./fake-core.fixture.ts"

/** An isolation frame whose sandbox does what a test says, when it says it. */
export class FakeFrame {
  static readonly made: FakeFrame[] = []
  contentWindow: object = {}
  readonly style = {}
  /** What the page posts into the port, and what into any port that came later. */
  readonly posted: unknown[] = []
  readonly strayed: unknown[] = []
  isConnected = true
  portClosed = false
  #load = (): void => {}
  #port: { onmessage?: (event: { data: unknown }) => void; close?: () => void } = {}
  constructor() {
    FakeFrame.made.push(this)
  }
  setAttribute(): void {}
  addEventListener(_name: "load", listener: () => void): void {
    this.#load = listener
  }
  remove(): void {
    this.isConnected = false
  }
  load(): void {
    this.#load()
  }
  /** To another place in the page: its window is another one then. */
  move(): void {
    this.contentWindow = {}
  }
  /** The sandbox hands its port over. */
  connect(source: object = this.contentWindow): void {
    const list = "onmessage" in this.#port || source !== this.contentWindow ? this.strayed : this.posted
    const port = {
      postMessage: (data: unknown) => list.push(data),
      close: () => {
        this.portClosed = true
      },
    }
    this.#fromWindow(source, "sallyport-port", [port])
    if (list === this.posted) this.#port = port
  }
  /** The sandbox is there, and has no port. */
  connectWithoutPort(): void {
    const postMessage = (data: unknown, origin: string, transfer: unknown[]): void => {
      assert.deepEqual([origin, transfer], ["*", typeof data === "string" ? [] : [data]])
      this.posted.push(data)
    }
    Object.assign(this.contentWindow, { postMessage })
    this.#fromWindow(this.contentWindow, "sallyport-port", [])
  }
  /** Seals frames: the first of a session holds no call. */
  seal(count = 1): void {
    for (; count > 0; count--) this.say(new ArrayBuffer(1))
  }
  say(message: object | ArrayBuffer | number): void {
    this.#port.onmessage?.({ data: asSent(message) })
  }
  sayFromWindow(message: object | ArrayBuffer | string, source: object | null = this.contentWindow): void {
    this.#fromWindow(source, asSent(message), [])
  }
  /** Messages that the page's own listeners would get. */
  passedOn = 0
  #fromWindow(source: object | null, data: unknown, ports: object[]): void {
    this.passedOn++
    listeners.get("message")?.({ source, data, ports, stopImmediatePropagation: () => this.passedOn-- })
  }
  /** Commands of each batch. */
  get batches(): string[][] {
    return this.posted
      .filter((data) => typeof data === "string")
      .map((data) => JSON.parse(data).map((call: string[]) => call[1]))
  }
}

/** What a sandbox has to say goes as JSON; bytes, lengths and texts go as they are. */
function asSent(message: object | number | string): unknown {
  return typeof message !== "object" || message instanceof ArrayBuffer ? message : JSON.stringify(message)
}

Object.assign(globalThis, {
  document: { createElement: () => new FakeFrame(), documentElement: { append: () => {} } },
})

export const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
export const socket = (): FakeSocket => FakeSocket.made.at(-1) as FakeSocket
export const frame = (): FakeFrame => FakeFrame.made.at(-1) as FakeFrame
export function outcomes(connection: CoreConnection, cmd = "a", args: unknown = {}): unknown[] {
  const list: unknown[] = []
  connection.invoke(cmd, args, undefined).then(
    (value) => list.push(value),
    (error: { code: string }) => list.push(error.code),
  )
  return list
}
/** A page whose socket is open and whose frame is there; the sandbox has not spoken. */
export function start(): CoreConnection {
  const connection = connect()
  socket().welcome("http://127.0.0.1:1/ticket")
  frame().load()
  return connection
}
export async function ready(): Promise<CoreConnection> {
  const connection = start()
  frame().connect()
  frame().say({ ready: true })
  await microtasks()
  return connection
}

beforeEach(() => {
  FakeSocket.made.length = 0
  FakeFrame.made.length = 0
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] })
})
afterEach(() => mock.timers.reset())
