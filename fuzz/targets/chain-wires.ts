import assert from "node:assert/strict"
import { PORT_MESSAGE } from "../../src/boundary/wire/messages.ts"
import { FakeConnection } from "../../src/core/core.fixture.ts"
import type { Core } from "../../src/core/core.ts"
import { listeners } from "../../src/page/fake-core.fixture.ts"
import { type Links, Port } from "./chain-links.ts"
import { Sandbox } from "./chain-sandbox.ts"

/** What stands between a page and its Core. */
export interface Between {
  readonly core: Core
  readonly links: Links
  /** Every sealing key that a sandbox has got. */
  readonly keys: Uint8Array[]
  readonly now: () => number
  /** Hears of each call that a hook has passed: the command, and its arguments as JSON. */
  readonly passed: (call: string) => void
}

/** The page's end of a socket to the Core. */
export class ChainSocket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  readonly connection = new FakeConnection()
  readonly #between: Between
  readonly #up = {}
  #taken = 0
  #isOver = false
  /** As browsers have it: of a socket that was lost, the page hears later. */
  readyState = 1

  constructor(between: Between) {
    this.#between = between
    between.core.accept(this.connection, (window) => `http://${window}.localhost:1`)
    between.links.put(this, () => this.onopen?.())
  }

  send(data: string | Uint8Array | ArrayBuffer): void {
    const message = typeof data === "string" ? data : new Uint8Array(data instanceof Uint8Array ? data : data.slice(0))
    this.#between.links.seen.push(message)
    this.#between.links.put(this.#up, () => {
      if (!this.#isOver && this.connection.closed === null) this.connection.receive(message)
    })
  }

  /** As a browser does it: what is on its way to the page still comes. */
  close(): void {
    this.#end()
    this.readyState = 3
  }

  #end(): void {
    this.#isOver = true
    this.#between.links.cut(this.#up)
    this.connection.drop()
  }

  /** What the Core has said since, and that it has closed; `false` when that is nothing. */
  collect(): boolean {
    const { sent, closed } = this.connection
    const { links } = this.#between
    const messages = this.#isOver ? [] : sent.slice(this.#taken)
    this.#taken += messages.length
    for (const message of messages) {
      if (typeof message !== "string") links.seen.push(message)
      const data = typeof message === "string" ? message : message.slice().buffer
      links.put(this, () => this.onmessage?.({ data }))
    }
    if (closed === null || this.#isOver) return messages.length > 0
    this.#isOver = true
    this.readyState = 2
    links.put(this, () => {
      this.connection.drop()
      this.onclose?.(closed)
    })
    return true
  }

  /** As a network does it. */
  lose(): void {
    if (this.#isOver) return
    this.#end()
    this.#between.links.cut(this)
    this.#between.links.put(this, () => {
      this.readyState = 3
      this.onclose?.({ code: 1006, reason: "" })
    })
  }
}

/** An element that shows an isolation document. */
export class ChainFrame {
  contentWindow: object = {}
  readonly style = {}
  src = ""
  isConnected = false
  sandbox: Sandbox | null = null
  port: Port | null = null
  readonly #between: Between
  #load = (): void => {}

  constructor(between: Between) {
    this.#between = between
  }

  setAttribute(): void {}
  addEventListener(_name: "load", listener: () => void): void {
    this.#load = listener
  }

  append(): void {
    this.isConnected = true
    this.#between.links.put(this, () => {
      this.#navigate()
      this.#load()
    })
  }

  remove(): void {
    this.isConnected = false
    this.port?.close()
    this.#between.links.cut(this)
  }

  /** To another place in the page: in a window of its own it asks again for its document, which comes once. */
  move(): void {
    if (!this.isConnected) return
    this.remove()
    this.contentWindow = {}
    this.append()
  }

  /** A second document takes the sandbox's place. */
  navigate(): void {
    if (!this.isConnected) return
    this.port?.close()
    this.#between.links.put(this, () => this.#load())
  }

  #navigate(): void {
    const { origin, pathname } = new URL(this.src)
    const grant = this.#between.core.redeemFrameTicket(pathname.slice(1), origin)
    if (grant === null) return
    this.#between.keys.push(grant.key.slice())
    const { links, now, passed } = this.#between
    const source = this.contentWindow
    this.sandbox = new Sandbox(grant, links, now, passed, (port) => {
      assert.ok(port instanceof Port)
      this.port = port
      links.put(this, () =>
        listeners.get("message")?.({
          source,
          data: PORT_MESSAGE,
          ports: [port],
          stopImmediatePropagation: () => {},
        }),
      )
    })
  }
}
