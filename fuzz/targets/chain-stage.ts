import assert from "node:assert/strict"
import { mock } from "node:test"
import { resolveLimits } from "../../src/boundary/wire/limits.ts"
import { encodePayload } from "../../src/boundary/wire/payload.ts"
import { command } from "../../src/core/command.ts"
import { Core } from "../../src/core/core.ts"
import type { CoreConnection } from "../../src/page/connection.ts"
import { connect } from "../../src/page/fake-core.fixture.ts"
import { CLOSE } from "../../src/protocol/close-codes.ts"
import type { Move } from "./chain.ts"
import { Links, turn } from "./chain-links.ts"
import { type Between, ChainFrame, ChainSocket } from "./chain-wires.ts"

/** What a call of the page must come to when nothing gets in its way. */
const OUTCOMES: Readonly<Record<string, string>> = {
  pass: "yes",
  copy: "yes",
  change: "yes",
  slow: "yes",
  wait: "yes",
  fail: "no",
  refuse: "HOOK_REFUSED",
  nothing: "HOOK_INVALID_RETURN",
  wrong: "NOT_SERIALIZABLE",
}
/** What a call may come to when something did. */
const LOST = ["CONNECTION_LOST", "SANDBOX_UNAVAILABLE", "SESSION_REFUSED", "HOOK_TIMEOUT"]

interface Invoked {
  readonly cmd: string
  readonly mark: string
  readonly outcomes: string[]
}

/** A page's bridge, its sandboxes and a Core, as they are, with what is between them in the hands of whoever plays. */
export class Stage implements Between {
  readonly links = new Links()
  readonly core: Core
  readonly keys: Uint8Array[] = []
  readonly #sockets: ChainSocket[] = []
  readonly #frames: ChainFrame[] = []
  readonly #invoked: Invoked[] = []
  /** What the hook has passed, and what the Core has run: the command and its arguments as JSON. */
  readonly #passed = new Set<string>()
  readonly #ran: string[] = []
  readonly #waiting: (() => void)[] = []
  readonly #page: CoreConnection
  readonly #window = { redeemed: () => {}, sessions: () => {} }
  readonly #restore: () => void
  #time = 0
  /** Whether something got in the way: then calls may be lost, but never do anything else. */
  #isDisturbed = false
  /** Whether the page sent what no bridge sends: then, and only then, the Core may refuse a frame. */
  #isAttacked = false

  constructor() {
    const { WebSocket, document } = globalThis as { WebSocket?: unknown; document?: unknown }
    const { now } = performance
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] })
    performance.now = this.now
    this.#restore = () => {
      mock.timers.reset()
      performance.now = now
      Object.assign(globalThis, { WebSocket, document })
    }
    const [sockets, frames, stage] = [this.#sockets, this.#frames, this]
    Object.assign(globalThis, {
      // What a constructor returns is what `new` gives.
      WebSocket: function socket() {
        return sockets[sockets.push(new ChainSocket(stage)) - 1]
      },
      document: {
        createElement: () => frames[frames.push(new ChainFrame(stage)) - 1],
        documentElement: { append: (frame: ChainFrame) => frame.append() },
      },
    })
    const ran = (name: string, args: unknown): string => {
      const text = `${name} ${JSON.stringify(args instanceof Uint8Array ? [...args] : args)}`
      this.#ran.push(text)
      return text
    }
    const act = (name: string, args: unknown): unknown => {
      const text = ran(name, args)
      if (name === "fail") throw new Error(text)
      return name === "wait" ? new Promise((resolve) => this.#waiting.push(() => resolve(text))) : text
    }
    const commands = Object.fromEntries(Object.keys(OUTCOMES).map((name) => [name, command((args) => act(name, args))]))
    this.core = new Core({ commands, pattern: "isolation", limits: resolveLimits(), log: () => {} })
    const ticket = this.core.launch("main", { url: "index.html", title: null }, this.#window)
    const grant = this.core.redeemLaunchTicket(ticket)
    this.#page = connect({ credential: grant?.credential ?? "", label: "main", title: null })
  }

  leave(): void {
    this.#restore()
  }

  readonly now = (): number => this.#time
  readonly passed = (call: string): void => void this.#passed.add(call)

  async play(move: Move): Promise<void> {
    const socket = this.#sockets.at(-1)
    const frame = this.#frames.at(-1)
    switch (move.does) {
      case "invoke":
        this.#invoke(move.cmd, move.isRaw)
        break
      case "step":
        await this.links.step(move.which)
        break
      case "settle":
        await this.#settle()
        break
      case "finish":
        this.#waiting.shift()?.()
        frame?.sandbox?.finishHooks()
        break
      case "pass time":
        if (move.ms > 1000) this.#isDisturbed = true
        this.#tick(move.ms)
        break
      case "disturb":
        this.#isDisturbed = true
        if (move.how === "socket") socket?.lose()
        else if (move.how === "remove") frame?.remove()
        else if (move.how === "move") frame?.move()
        else frame?.navigate()
        break
      case "attack":
        this.#isDisturbed = true
        this.#isAttacked = true
        this.#attack(move.how, move.which)
    }
    await turn()
    for (const one of this.#sockets) one.collect()
  }

  #invoke(cmd: string, isRaw: boolean): void {
    const count = this.#invoked.length
    const [args, mark] = isRaw ? [Uint8Array.of(count, 7), `[${count},7]`] : [{ mark: `m${count}` }, `"m${count}"`]
    const call: Invoked = { cmd, mark, outcomes: [] }
    this.#invoked.push(call)
    this.#page.invoke(cmd, cmd === "wrong" ? { n: 1n } : args, undefined).then(
      (value) => call.outcomes.push(`yes ${value}`),
      (error: unknown) =>
        call.outcomes.push(
          error instanceof Error ? `${(error as Error & { code: string }).code} ${error.message}` : `no ${error}`,
        ),
    )
  }

  /** What a script in the page can put on the wires; `which` is a frame that it has seen, or what it makes up. */
  #attack(how: "repeat" | "clear" | "noise" | "port", which: number): void {
    const socket = this.#sockets.at(-1)
    const frames = this.links.seen.filter((message) => message instanceof Uint8Array)
    const clear = encodePayload(JSON.stringify({ calls: [[9, "pass", { mark: "forged" }]], blobs: [] }), [])
    if (how === "repeat") socket?.send(frames[which % Math.max(1, frames.length)] ?? clear)
    else if (how === "clear") socket?.send(clear)
    else if (how === "noise") socket?.send(new Uint8Array(which))
    else {
      const messages = [
        "{",
        5,
        { calls: [[9, "pass"]] },
        "[[9,7]]",
        Uint16Array.of(0xffff, this.links.seen.length, which).buffer,
        '{"calls":[[9,"pass",{"mark":"forged"}]]}',
      ]
      this.#frames.at(-1)?.port?.postMessage(messages[which % messages.length])
    }
  }

  #tick(ms: number): void {
    this.#time += ms
    mock.timers.tick(ms)
  }

  async #settle(): Promise<void> {
    let isMore = true
    while (isMore) {
      isMore = await this.links.settle()
      for (const one of this.#sockets) isMore = one.collect() || isMore
    }
  }

  /** What holds at any moment. */
  check(): void {
    assert.equal(new Set(this.#ran).size, this.#ran.length, "a call ran twice")
    for (const ran of this.#ran) {
      assert.ok(this.#passed.has(ran), `the hook has not passed what ran: ${ran}`)
      assert.doesNotMatch(ran, /^(?:refuse|nothing|wrong) |forged/)
    }
    for (const { cmd, mark, outcomes } of this.#invoked) {
      assert.ok(outcomes.length <= 1, `${cmd} has settled ${outcomes.length} times`)
      const ran = this.#ran.find((text) => text.startsWith(`${cmd} `) && text.includes(mark))
      for (const outcome of outcomes) {
        const [kind = ""] = outcome.split(" ")
        if (outcome.includes("did not run")) assert.equal(ran, undefined, "the page was told that what ran did not run")
        if (this.#isDisturbed && LOST.includes(kind)) continue
        assert.equal(kind, OUTCOMES[cmd], `${cmd} came to ${outcome}`)
        // A raw argument of the attacker's can stand in for one of its own page's: the hook sees what runs.
        if (/^(?:yes|no)$/.test(kind) && !this.#isAttacked)
          assert.equal(outcome, `${kind} ${ran}`, "an answer went to another call")
        if (cmd === "change" && outcome.includes("mark")) assert.match(outcome, /"changed":true/)
      }
    }
    for (const { connection } of this.#sockets)
      if (!this.#isAttacked)
        assert.notEqual(connection.closed?.code, CLOSE.FRAME_REFUSED, "a frame of the bridge was refused")
  }

  /** Whatever waits gets its time: every call settles, also once its window is closed, and no key went through the page. */
  async finish(): Promise<void> {
    for (let round = 0; round < 12; round++) {
      await this.#settle()
      for (const go of this.#waiting.splice(0)) go()
      for (const { sandbox } of this.#frames) sandbox?.finishHooks()
      this.#tick(this.#isDisturbed ? 1000 : 20)
    }
    this.#settled()
    this.#invoke("pass", false)
    this.#isDisturbed = true
    this.core.windowClosed(this.#window)
    for (let round = 0; round < 3; round++) {
      await this.#settle()
      this.#tick(5000)
    }
    await this.#settle()
    this.#settled()
    for (const key of this.keys)
      for (const message of this.links.seen) {
        const holdsKey = typeof message === "string" ? message.includes(key.join()) : Buffer.from(message).includes(key)
        assert.equal(holdsKey, false, "a key went through the page")
      }
  }

  #settled(): void {
    this.check()
    for (const { cmd, outcomes } of this.#invoked) assert.equal(outcomes.length, 1, `${cmd} waits for ever`)
  }
}
