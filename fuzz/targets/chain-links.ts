/**
 * Ports, sockets and engines between page, sandbox and Core: whatever is on its way waits until it is moved on. What one
 * link carries stays in order; of several links any may be next.
 */
export class Links {
  /** By link: what happens when the next thing on it arrives. */
  readonly #queues = new Map<object, (() => void | Promise<void>)[]>()
  /** Everything that went through the page. */
  readonly seen: (string | Uint8Array)[] = []

  put(link: object, arrive: () => void | Promise<void>): void {
    const queue = this.#queues.get(link)
    if (queue === undefined) this.#queues.set(link, [arrive])
    else queue.push(arrive)
  }

  /** What is on its way over a link that is cut never arrives. */
  cut(link: object): void {
    this.#queues.delete(link)
  }

  /** A result that comes when it is moved on, by itself. */
  whenever<Value>(result: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => this.put({}, () => result.then(resolve, reject)))
  }

  /** Moves on one thing, of whichever link; `false` when nothing is on its way. */
  async step(which: number): Promise<boolean> {
    const entries = [...this.#queues]
    const [link, queue] = entries[which % Math.max(1, entries.length)] ?? []
    if (link === undefined || queue === undefined) return false
    const arrive = queue.shift()
    if (queue.length === 0) this.#queues.delete(link)
    await arrive?.()
    await turn()
    return true
  }

  /** Moves on all that is on its way; `false` when nothing was. */
  async settle(): Promise<boolean> {
    await turn()
    let steps = 0
    while (await this.step(steps)) steps++
    return steps > 0
  }

  /** The class `MessageChannel` of a realm. */
  channel(realm: string): new () => { readonly port1: Port; readonly port2: Port } {
    const links = this
    return class {
      readonly port1: Port
      readonly port2: Port
      constructor() {
        this.port1 = new Port(links, `${realm} 1`)
        this.port2 = new Port(links, `${realm} 2`)
        this.port1.other = this.port2
        this.port2.other = this.port1
      }
    }
  }
}

/** An end of a channel. As in a browser, what comes before `onmessage` is set waits for it. */
export class Port {
  other: Port | null = null
  readonly name: string
  readonly #links: Links
  readonly #early: unknown[] = []
  #onmessage: ((event: { data: unknown }) => void) | null = null
  #isClosed = false

  constructor(links: Links, name: string) {
    this.#links = links
    this.name = name
  }

  set onmessage(listener: (event: { data: unknown }) => void) {
    this.#onmessage = listener
    this.#links.put(this, () => this.#deliver())
  }

  postMessage(data: unknown, transfer: ArrayBuffer[] = []): void {
    const { other } = this
    const copy: unknown = structuredClone(data, { transfer })
    if (typeof copy === "string") this.#links.seen.push(copy)
    if (copy instanceof ArrayBuffer) this.#links.seen.push(new Uint8Array(copy).slice())
    if (other !== null && !this.#isClosed) this.#links.put(other, () => other.#arrive(copy))
  }

  close(): void {
    this.#isClosed = true
    if (this.other !== null) this.other.#isClosed = true
    this.#links.cut(this)
    if (this.other !== null) this.#links.cut(this.other)
  }

  #arrive(data: unknown): void {
    if (this.#isClosed) return
    this.#early.push(data)
    this.#deliver()
  }

  /** What came early is before what comes now: a port has one queue. */
  #deliver(): void {
    if (this.#onmessage === null) return
    for (const data of this.#early.splice(0)) this.#onmessage({ data })
  }
}

/** Lets everything that is ready run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
