import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, mock, test } from "node:test"
import type { CoreConnection } from "./connection.ts"
import { connect, FakeSocket, listeners } from "./fake-core.fixture.ts"

/** An isolation frame whose sandbox does what a test says, when it says it. */
class FakeFrame {
  static readonly made: FakeFrame[] = []
  readonly contentWindow = {}
  readonly style = {}
  /** What the page posts into the port, and what into any port that came later. */
  readonly posted: unknown[] = []
  readonly strayed: unknown[] = []
  isConnected = true
  portClosed = false
  #load = (): void => {}
  #port: { onmessage?: (event: { data: unknown }) => void } = {}
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
  say(message: object | ArrayBuffer | number): void {
    const isText = !(message instanceof ArrayBuffer || typeof message === "number")
    this.#port.onmessage?.({ data: isText ? JSON.stringify(message) : message })
  }
  sayFromWindow(message: object | ArrayBuffer, source: object = this.contentWindow): void {
    this.#fromWindow(source, message instanceof ArrayBuffer ? message : JSON.stringify(message), [])
  }
  /** Messages that the page's own listeners would get. */
  passedOn = 0
  #fromWindow(source: object, data: unknown, ports: object[]): void {
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

Object.assign(globalThis, {
  document: { createElement: () => new FakeFrame(), documentElement: { append: () => {} } },
})

const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const socket = (): FakeSocket => FakeSocket.made.at(-1) as FakeSocket
const frame = (): FakeFrame => FakeFrame.made.at(-1) as FakeFrame
function outcomes(connection: CoreConnection, cmd = "a", args: unknown = {}): unknown[] {
  const list: unknown[] = []
  connection.invoke(cmd, args, undefined).then(
    (value) => list.push(value),
    (error: { code: string }) => list.push(error.code),
  )
  return list
}
/** A page whose socket is open and whose frame is there; the sandbox has not spoken. */
function start(): CoreConnection {
  const connection = connect()
  socket().welcome("http://127.0.0.1:1/ticket")
  frame().load()
  return connection
}
async function ready(): Promise<CoreConnection> {
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

describe("a session with a sandbox", () => {
  test("while a batch is with the sandbox the next one grows, and leaves when the first has been taken", async () => {
    const connection = await ready()
    for (const cmd of ["a", "b", "c"]) {
      outcomes(connection, cmd)
      await microtasks()
    }
    assert.deepEqual(frame().batches, [["a"]])
    frame().say({ taken: true })
    assert.deepEqual(frame().batches, [["a"], ["b", "c"]])
    outcomes(connection, "d")
    await microtasks()
    assert.equal(frame().batches.length, 2)
  })

  test("a sealed frame says that a batch has been taken, too; one that comes unasked counts for nothing", async () => {
    const connection = await ready()
    frame().say(new ArrayBuffer(1))
    for (const cmd of ["a", "b"]) {
      outcomes(connection, cmd)
      await microtasks()
    }
    assert.deepEqual(frame().batches, [["a"]])
    frame().say(new ArrayBuffer(1))
    assert.deepEqual(frame().batches, [["a"], ["b"]])
  })

  test("a frame in parts goes on as it comes, behind its length, and says once that a batch has been taken", async () => {
    const connection = await ready()
    for (const cmd of ["a", "b", "c"]) {
      outcomes(connection, cmd)
      await microtasks()
    }
    const parts = [Uint8Array.of(1, 2).buffer, Uint8Array.of(3, 4).buffer, Uint8Array.of(5).buffer]
    frame().say(5)
    assert.deepEqual(frame().batches, [["a"], ["b", "c"]])
    outcomes(connection, "d")
    await microtasks()
    for (const part of parts) frame().say(part)
    assert.deepEqual(socket().sent.slice(1), ["5", ...parts])
    assert.deepEqual(frame().batches, [["a"], ["b", "c"]])
    frame().say(new ArrayBuffer(1))
    assert.deepEqual(frame().batches, [["a"], ["b", "c"], ["d"]])
  })

  test("a large raw argument goes in parts through a port, behind its length", async () => {
    const connection = await ready()
    const large = Uint8Array.from({ length: 600 * 1024 }, (_, index) => index % 251)
    outcomes(connection, "raw", large)
    await microtasks()
    const [length, ...parts] = frame().posted.slice(-4, -1)
    assert.equal(length, large.length)
    assert.deepEqual(Buffer.concat((parts as ArrayBuffer[]).map((part) => new Uint8Array(part))), Buffer.from(large))
    assert.deepEqual(
      (parts as ArrayBuffer[]).map(({ byteLength }) => byteLength),
      [512 * 1024, 88 * 1024],
    )
  })

  test("batches that are full leave while the task still runs, four of them ahead of the sandbox", async () => {
    const connection = await ready()
    const half = "x".repeat(160 * 1024)
    for (let call = 1; call <= 9; call++) outcomes(connection, `${call}`, { half })
    assert.equal(frame().batches.flat().length, 4)
    frame().say({ taken: true })
    assert.equal(frame().batches.flat().length, 5)
    await microtasks()
    for (let taken = 0; taken < 8; taken++) frame().say({ taken: true })
    assert.deepEqual(
      frame().batches.flat(),
      Array.from({ length: 9 }, (_, index) => `${index + 1}`),
    )
  })

  test("hands over what waits as soon as there is a sandbox, and sends nothing but what that sealed", async () => {
    const connection = start()
    outcomes(connection)
    outcomes(connection, "raw", Uint8Array.of(1))
    await microtasks()
    assert.deepEqual(frame().posted, [])
    frame().connect()
    assert.deepEqual(frame().batches, [["a", "raw"]])
    outcomes(connection, "later")
    await microtasks()
    frame().say({ ready: true })
    assert.deepEqual(frame().batches, [["a", "raw"]])
    frame().say({ taken: true })
    assert.deepEqual(frame().batches, [["a", "raw"], ["later"]])
    const sealed = Uint8Array.of(1, 2, 3).buffer
    frame().say(sealed)
    assert.deepEqual(socket().sent.slice(1), [sealed])
  })

  for (const [fate, after, end] of [
    ["SANDBOX_UNAVAILABLE", "the frame's time", () => mock.timers.tick(3000)],
    ["SANDBOX_UNAVAILABLE", "its own word", () => frame().say({ failed: ["SANDBOX_UNAVAILABLE", "why"] })],
    ["CONNECTION_LOST", "its socket's end", () => socket().lose()],
  ] as const)
    test(`that never says it is ready fails what it has already as it fails what waits: ${fate}, after ${after}`, async () => {
      const connection = start()
      const [handedOver, queued] = [outcomes(connection), [] as unknown[]]
      await microtasks()
      frame().connect()
      queued.push(outcomes(connection, "b"))
      await microtasks()
      assert.deepEqual(frame().batches, [["a"]])
      end()
      await microtasks()
      assert.deepEqual([handedOver, queued], [[fate], [[fate]]])
      mock.timers.tick(99)
      assert.equal(FakeSocket.made.length, 1)
    })

  test("that never said it is ready leaves its calls to the next, in their order, when the page was away meanwhile", async () => {
    const connection = start()
    const calls = ["a", "b"].map((cmd) => outcomes(connection, cmd, Uint8Array.of(7)))
    await microtasks()
    frame().connect()
    const [first] = FakeFrame.made
    // A browser takes away what is transferred.
    for (const buffer of first?.posted ?? [])
      if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] })
    calls.push(outcomes(connection, "c"))
    listeners.get("pageshow")?.({ persisted: true })
    await microtasks()
    assert.deepEqual([first?.batches, calls], [[["a", "b"]], [[], [], []]])
    mock.timers.tick(20)
    socket().welcome("http://127.0.0.1:1/ticket2")
    frame().connect()
    frame().say({ ready: true })
    assert.deepEqual(frame().batches, [["a", "b", "c"]])
    assert.deepEqual(frame().posted.slice(0, 2), [Uint8Array.of(7).buffer, Uint8Array.of(7).buffer])
    socket().reply([1, 1, "1"], [2, 1, "2"], [3, 1, "3"])
    await microtasks()
    assert.deepEqual(calls, [["1"], ["2"], ["3"]])
  })

  test("that was ready once fails what it had already when it ends: the Core may have seen it", async () => {
    const connection = start()
    const call = outcomes(connection)
    await microtasks()
    frame().connect()
    frame().say({ ready: true })
    socket().lose()
    await microtasks()
    assert.deepEqual(call, ["CONNECTION_LOST"])
    mock.timers.tick(20)
    socket().welcome("http://127.0.0.1:1/ticket2")
    frame().connect()
    frame().say({ ready: true })
    assert.deepEqual([frame().batches, FakeSocket.made.length], [[], 2])
  })

  test("takes a port from its own frame only, and only once", async () => {
    const connection = start()
    frame().connect({})
    frame().say({ ready: true })
    outcomes(connection)
    await microtasks()
    assert.deepEqual(frame().posted, [])
    frame().connect()
    assert.deepEqual(frame().batches, [["a"]])
    frame().say({ ready: true })
    frame().connect()
    frame().say({ taken: true })
    outcomes(connection, "b")
    await microtasks()
    assert.deepEqual([frame().batches, frame().strayed], [[["a"], ["b"]], []])
  })

  test("speaks from window to window with a sandbox that offers no port, and nobody else in the page hears it", async () => {
    const connection = start()
    frame().sayFromWindow("sallyport-port", {})
    outcomes(connection)
    outcomes(connection, "raw", Uint8Array.of(1))
    await microtasks()
    assert.deepEqual([frame().posted, frame().passedOn], [[], 1])
    frame().connectWithoutPort()
    assert.deepEqual([frame().batches, frame().passedOn], [[["a", "raw"]], 1])
    frame().sayFromWindow({ ready: true })
    const sealed = Uint8Array.of(1, 2, 3).buffer
    frame().sayFromWindow(sealed, {})
    assert.equal(socket().sent.length, 1)
    frame().sayFromWindow(sealed)
    assert.deepEqual([socket().sent.slice(1), frame().passedOn], [[sealed], 2])
  })

  test("a large raw argument goes from window to window as it is", async () => {
    const connection = start()
    frame().connectWithoutPort()
    frame().sayFromWindow({ ready: true })
    const large = new Uint8Array(600 * 1024)
    outcomes(connection, "raw", large)
    await microtasks()
    assert.deepEqual(
      frame().posted.map((message) => (message instanceof ArrayBuffer ? message.byteLength : typeof message)),
      [large.length, "string"],
    )
  })

  test("stays for as long as nothing ends it", async () => {
    const connection = await ready()
    const call = outcomes(connection)
    await microtasks()
    for (let tick = 0; tick < 120; tick++) {
      frame().say({ taken: true })
      mock.timers.tick(500)
    }
    await microtasks()
    assert.deepEqual([call, FakeSocket.made.length, socket().closed], [[], 1, false])
  })

  test("that ended before the Core answered its hello makes no frame", () => {
    connect()
    const early = socket()
    listeners.get("pageshow")?.({ persisted: true })
    early.welcome("http://127.0.0.1:1/ticket")
    assert.deepEqual([FakeFrame.made.length, early.closed], [0, true])
  })

  test("ends once, however much goes wrong", async () => {
    await ready()
    const [old, oldSocket] = [frame(), socket()]
    old.load()
    old.load()
    oldSocket.lose()
    old.say({ failed: ["SANDBOX_UNAVAILABLE", "why"] })
    mock.timers.tick(20)
    assert.equal(FakeSocket.made.length, 2)
  })

  test("ends when its frame has left the page: a watchdog sees it while calls wait, for no event tells", async () => {
    const connection = await ready()
    const sent = outcomes(connection)
    await microtasks()
    frame().isConnected = false
    mock.timers.tick(500)
    await microtasks()
    assert.deepEqual([sent, frame().portClosed, socket().closed], [["CONNECTION_LOST"], true, true])
    mock.timers.tick(20)
    assert.equal(FakeSocket.made.length, 2)
  })

  test("ends when its sandbox answers nothing any more, not even an empty batch", async () => {
    const connection = await ready()
    const sent = outcomes(connection)
    await microtasks()
    frame().say({ taken: true })
    // Three times what a frame may take to load here.
    mock.timers.tick(9000)
    await microtasks()
    assert.deepEqual([sent, FakeSocket.made.length], [[], 1])
    mock.timers.tick(500)
    await microtasks()
    assert.deepEqual([sent, frame().portClosed], [["CONNECTION_LOST"], true])
    mock.timers.tick(20)
    assert.equal(FakeSocket.made.length, 2)
    assert.deepEqual(FakeFrame.made[0]?.batches.slice(1).flat(), [])
  })

  test("a call made after the frame was removed waits for the next session instead of being lost", async () => {
    const connection = await ready()
    frame().isConnected = false
    const call = outcomes(connection)
    await microtasks()
    mock.timers.tick(20)
    socket().welcome("http://127.0.0.1:1/ticket2")
    frame().connect()
    frame().say({ ready: true })
    assert.deepEqual([FakeFrame.made.length, frame().batches, call], [2, [["a"]], []])
  })

  test("ends when its frame loads a second time", async () => {
    const connection = await ready()
    const sent = outcomes(connection)
    await microtasks()
    frame().load()
    await microtasks()
    assert.deepEqual([sent, frame().isConnected], [["CONNECTION_LOST"], false])
  })

  test("without a word from its frame in time rejects with SANDBOX_UNAVAILABLE, and tries again", async () => {
    const call = outcomes(start())
    mock.timers.tick(2999)
    await microtasks()
    assert.deepEqual(call, [])
    mock.timers.tick(1)
    await microtasks()
    assert.deepEqual([call, frame().isConnected], [["SANDBOX_UNAVAILABLE"], false])
    mock.timers.tick(100)
    assert.equal(FakeSocket.made.length, 2)
  })

  test("whose sandbox failed rejects what was sent, what waits and what comes, and no other is tried", async () => {
    const connection = await ready()
    const sent = outcomes(connection)
    await microtasks()
    const queued = outcomes(connection)
    frame().say({ failed: ["SANDBOX_UNAVAILABLE", "why"] })
    const later = outcomes(connection)
    mock.timers.tick(60_000)
    await microtasks()
    assert.deepEqual([sent, queued, later, FakeSocket.made.length], [...Array(3).fill(["SANDBOX_UNAVAILABLE"]), 1])
  })

  test("that is over is heard no more: each call has one end", async () => {
    const connection = await ready()
    const call = outcomes(connection)
    await microtasks()
    frame().say({ refused: [[1, "HOOK_REFUSED", "no"]] })
    frame().say({ refused: [[1, "HOOK_TIMEOUT", ""]] })
    socket().reply([1, 1, "late"])
    const [old, oldSocket] = [frame(), socket()]
    oldSocket.lose()
    mock.timers.tick(20)
    old.say({ ready: true, taken: true })
    old.say(new ArrayBuffer(1))
    await microtasks()
    assert.deepEqual([call, oldSocket.sent.length, FakeSocket.made.length], [["HOOK_REFUSED"], 1, 2])
  })
})
