import type { Socket } from "node:net"
import type { Held } from "./claim.ts"
import { type Answer, LAUNCH_BYTES, readLaunch, type SecondLaunch } from "./launch-message.ts"

/** Maximum time in ms for a connection to send its launch. */
const LAUNCH_MS = 1000
/** Time in ms after which a launch is answered although the app has not shown a window yet. Less than a second launch waits. */
const HOLD_MS = 1200
/** Maximum number of connections at a time. Each holds at most `LAUNCH_BYTES`. */
const CONNECTIONS = 16
/** Maximum number of launches that wait for the app to start. */
const WAITING = 64
const LINE_FEED = 10

/** The hold of an app on being the only one of its kind. */
export interface InstanceHold {
  /** Hears of each second launch, also of those that came before this call. */
  onLaunch(listener: (launch: SecondLaunch) => void): void
  /** The app shows a window in a browser, so that it can take second launches. */
  shows(): void
  /** The app shows its windows by a function of its own: a second launch is a first one from now on. */
  giveUp(): Promise<void>
  /** The app ends: a second launch waits for its end, and then is the first. */
  closing(): void
  release(): Promise<void>
}

interface Request {
  readonly launch: SecondLaunch
  answer(answer: Answer): void
}

/**
 * The first instance of an app: answers second launches. A launch is answered once the app has shown a window: an app that shows its windows by a
 * function of its own gives its claim up instead, and the second launch is a first one then.
 */
export class FirstInstance implements InstanceHold {
  /** Resolves when another process may be the first instance. */
  readonly released: Promise<void>
  readonly #held: Held
  #resolveReleased: () => void = () => {}
  #state: "starting" | "shows" | "closing" = "starting"
  #connections = 0
  #requests: Request[] = []
  #launches: SecondLaunch[] = []
  #listener: ((launch: SecondLaunch) => void) | null = null

  constructor(held: Held) {
    this.#held = held
    this.released = new Promise((resolve) => {
      this.#resolveReleased = resolve
    })
    held.serve((socket) => this.#serve(socket))
  }

  onLaunch(listener: (launch: SecondLaunch) => void): void {
    this.#listener = listener
    for (const launch of this.#launches.splice(0)) listener(launch)
  }

  shows(): void {
    if (this.#state === "starting") this.#state = "shows"
    this.#answerAll()
  }

  closing(): void {
    this.#state = "closing"
    this.#answerAll()
  }

  giveUp(): Promise<void> {
    return this.release()
  }

  async release(): Promise<void> {
    await this.#held.release()
    this.#resolveReleased()
  }

  #serve(socket: Socket): void {
    if (this.#connections >= CONNECTIONS) {
      socket.destroy()
      return
    }
    this.#connections++
    socket.once("close", () => this.#connections--)
    const late = setTimeout(() => socket.destroy(), LAUNCH_MS)
    socket.once("close", () => clearTimeout(late))
    const chunks: Buffer[] = []
    let size = 0
    const receive = (chunk: Buffer): void => {
      size += chunk.length
      chunks.push(chunk)
      if (size > LAUNCH_BYTES + 1) return void socket.destroy()
      if (!chunk.includes(LINE_FEED)) return
      socket.off("data", receive).resume()
      clearTimeout(late)
      this.#received(socket, Buffer.concat(chunks))
    }
    socket.on("data", receive)
  }

  #received(socket: Socket, bytes: Buffer): void {
    // Nothing follows the line feed.
    const launch = bytes.indexOf(LINE_FEED) === bytes.length - 1 ? readLaunch(bytes.subarray(0, -1)) : null
    if (launch === null) {
      socket.destroy()
      return
    }
    const request: Request = {
      launch,
      answer: (answer) => {
        clearTimeout(hold)
        this.#requests = this.#requests.filter((other) => other !== request)
        if (socket.destroyed) return
        if (answer === "opened") this.#take(launch)
        // One that closes keeps the connection: its end tells that the app has ended.
        if (answer === "closing") socket.write(`${answer}\n`)
        else socket.end(`${answer}\n`)
      },
    }
    const hold = setTimeout(() => this.#answer(request), HOLD_MS)
    this.#requests.push(request)
    if (this.#state !== "starting") this.#answer(request)
  }

  #answerAll(): void {
    for (const request of this.#requests) this.#answer(request)
  }

  #answer(request: Request): void {
    request.answer(this.#state === "closing" ? "closing" : "opened")
  }

  #take(launch: SecondLaunch): void {
    if (this.#listener !== null) this.#listener(launch)
    else if (this.#launches.length < WAITING) this.#launches.push(launch)
  }
}
