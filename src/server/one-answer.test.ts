/**
 * What an attacker can see of a refusal, byte for byte: nothing tells a forged frame from a stale one, nor a ticket, cookie or
 * credential that never was from one that was. (That the same work is done for each: src/boundary/core/record-opener.test.ts; tickets and
 * credentials are looked up by their hash.)
 */
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, beforeEach, describe, test } from "node:test"
import { promisify } from "node:util"
import { WebSocket } from "ws"
import type { WindowGrant, WindowObserver } from "../boundary/core/window-registry.ts"
import { resolveLimits } from "../boundary/wire/limits.ts"
import { layOut, seal } from "../core/core.fixture.ts"
import { Core } from "../core/core.ts"
import { watchSecrets } from "../core/secrets.fixture.ts"
import { IPC_PATH, LAUNCH_PATH } from "../protocol/endpoints.ts"
import type { Welcome } from "../protocol/page-messages.ts"
import { ask, askRaw, ISOLATION_APP, testConfig } from "./server.fixture.ts"
import { type Server, startServer } from "./server.ts"

const NOBODY: WindowObserver = { redeemed: () => {}, sessions: () => {} }
const VIEW = { url: "index.html", title: null }

let folder: string
let core: Core
let server: Server
let port: number
let cookie: string
/** What the clock of tickets shows, ahead of the real one, in ms. */
let ahead = 0
const { now } = performance
performance.now = () => now.call(performance) + ahead
const { secrets, stop } = watchSecrets()
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-answers-"))
  const limits = resolveLimits()
  core = new Core({ commands: {}, pattern: "isolation", limits, log: () => {} })
  server = await startServer({
    config: testConfig({}),
    limits,
    gate: core,
    isolationApp: ISOLATION_APP,
    bridge: "",
    sandbox: "",
    pageScripts: [],
    assets: null,
    dev: false,
    log: () => {},
    stateFolder: folder,
  })
  port = Number(new URL(server.origin).port)
})
after(async () => {
  performance.now = now
  stop()
  await server.close()
  await core.close()
  await rm(folder, { recursive: true })
})

/** Trades a ticket as the page of a launch link does. */
async function redeem(ticket: string): Promise<WindowGrant> {
  const answer = await ask(port, LAUNCH_PATH, { method: "POST", headers: { origin: server.origin }, body: ticket })
  assert.equal(answer.status, 200)
  cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? ""
  return JSON.parse(answer.body) as WindowGrant
}
const launch = (observer = NOBODY): string => core.launch("main", VIEW, observer)

interface Socket {
  readonly webSocket: WebSocket
  /** Everything that has come and happened, in its order; bytes as they were on the wire, in hexadecimal. */
  readonly seen: string[]
  readonly gone: Promise<void>
  readonly first: Promise<string>
}

async function connect(hello: string, headers: Readonly<Record<string, string>> = {}): Promise<Socket> {
  const webSocket = new WebSocket(`ws://localhost:${port}${IPC_PATH}`, {
    origin: server.origin,
    headers: { cookie, ...headers },
  })
  const seen: string[] = []
  const first = new Promise<string>((resolve) => webSocket.once("message", (data) => resolve(String(data))))
  const gone = new Promise<void>((resolve) => {
    webSocket.on("close", (code, reason) => {
      seen.push(`closed ${code} ${reason}`)
      resolve()
    })
  })
  webSocket.on("error", ({ message }) => seen.push(`error ${message}`))
  webSocket.on("upgrade", ({ socket }) => {
    socket.on("data", (bytes) => seen.push(bytes.toString("hex")))
    socket.on("end", () => seen.push("end"))
  })
  await new Promise((resolve, reject) => {
    webSocket.once("open", resolve)
    webSocket.once("error", reject)
  })
  webSocket.send(hello)
  return { webSocket, seen, gone, first }
}

const helloOf = (credential: string): string => JSON.stringify({ hello: 1, credential })

/** Asserts that all rows have the same value, and says which differ. */
function assertOne(values: Readonly<Record<string, unknown>>): void {
  const [expected] = Object.values(values)
  assert.deepEqual(values, Object.fromEntries(Object.keys(values).map((kind) => [kind, expected])))
}

describe("a frame that is refused", () => {
  let credential: string
  before(async () => {
    ;({ credential } = await redeem(launch()))
  })

  const payload = layOut({ logs: [], blobs: [] })
  const frameOf = (session: Session, seq: number): Uint8Array => seal(payload, { ...session, seq })
  interface Session {
    readonly key: Uint8Array
    readonly session: Uint8Array
  }
  /** By what they are: made for a session whose first frame has been opened, so that the second one is due. */
  const KINDS: Readonly<Record<string, (session: Session) => Uint8Array>> = {
    "random bytes": () => crypto.getRandomValues(new Uint8Array(100)),
    nothing: () => new Uint8Array(0),
    "one byte": () => Uint8Array.of(1),
    "a right header and no more": (session) => frameOf(session, 2).subarray(0, 9),
    "right but for its tag": (session) => changed(frameOf(session, 2), -1),
    "right but for its text": (session) => changed(frameOf(session, 2), 12),
    "right but for its version": (session) => changed(frameOf(session, 2), 0),
    "right but for its number": (session) => changed(frameOf(session, 2), 8),
    "cut short": (session) => frameOf(session, 2).subarray(0, -1),
    "made longer": (session) => Uint8Array.from([...frameOf(session, 2), 0]),
    "a frame a second time": (session) => frameOf(session, 1),
    "the one behind the next": (session) => frameOf(session, 3),
    "another session's": ({ key }) => seal(payload, { key, session: new Uint8Array(16), seq: 2 }),
    "another key's": ({ session }) => seal(payload, { key: new Uint8Array(32), session, seq: 2 }),
    "a payload in the clear": () => payload,
  }

  async function begin(): Promise<Socket & { readonly session: Session }> {
    const socket = await connect(helloOf(credential))
    const { session } = JSON.parse(await socket.first) as Welcome
    const key = secrets.findLast(({ from }) => from === "derived")?.bytes
    assert.ok(key !== undefined)
    const known = { key, session: new Uint8Array(Buffer.from(session, "base64url")) }
    socket.webSocket.send(frameOf(known, 1))
    socket.seen.length = 0
    return { ...socket, session: known }
  }

  test("looks the same, whatever it was", async () => {
    const seen: Record<string, string[]> = {}
    for (const [kind, make] of Object.entries(KINDS)) {
      const socket = await begin()
      socket.webSocket.send(make(socket.session))
      await socket.gone
      seen[kind] = socket.seen
    }
    assertOne(seen)
    assert.equal(seen["random bytes"]?.at(-1), "closed 4005 a frame was refused")
  })

  test("the control: the frame that is due is no such frame", async () => {
    const { webSocket, session, seen, gone } = await begin()
    webSocket.send(frameOf(session, 2))
    webSocket.send(frameOf(session, 3))
    webSocket.ping()
    await new Promise((resolve) => webSocket.once("pong", resolve))
    assert.deepEqual(seen, ["8a00"], "a pong")
    webSocket.close()
    await gone
  })
})

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  const index = at < 0 ? bytes.length + at : at
  copy[index] = (copy[index] ?? 0) ^ 1
  return copy
}

test("a credential that is refused gets one answer: guessed, of a closed window, of one whose link was used twice", async () => {
  const closed = { ...NOBODY }
  const ofClosed = await redeem(launch(closed))
  core.windowClosed(closed)
  const ticket = launch()
  const ofReused = await redeem(ticket)
  core.redeemLaunchTicket(ticket)
  const seen: Record<string, string[]> = {}
  for (const [kind, credential] of Object.entries({
    guessed: "A".repeat(43),
    "of another length": "main",
    empty: "",
    "a launch ticket": launch(),
    "of a closed window": ofClosed.credential,
    "of a window whose link was used twice": ofReused.credential,
  })) {
    const socket = await connect(helloOf(credential))
    await socket.gone
    seen[kind] = socket.seen
  }
  assertOne(seen)
  assert.match(String(seen.guessed?.at(-1)), /^closed 4003 /)
})

/** An answer as it was on the wire, but for the time of day. */
const withoutDate = (answer: string): string => answer.replace(/^Date: .*\r\n/m, "")

describe("a ticket or cookie that is refused", () => {
  beforeEach(() => {
    ahead = 0
  })

  test("a launch ticket gets one answer: guessed, used, used twice, expired, of a closed window", async () => {
    const used = launch()
    await redeem(used)
    const closed = { ...NOBODY }
    const ofClosed = launch(closed)
    core.windowClosed(closed)
    const expired = launch()
    ahead = 60_001
    const answers: Record<string, string> = {}
    for (const [kind, ticket] of Object.entries({
      guessed: "A".repeat(43),
      "of another length": "A",
      empty: "",
      "too long": "A".repeat(1000),
      used,
      "used twice": used,
      expired,
      "of a closed window": ofClosed,
    })) {
      const head = `POST ${LAUNCH_PATH} HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${server.origin}\r\nConnection: close`
      answers[kind] = withoutDate(await askRaw(port, `${head}\r\nContent-Length: ${ticket.length}\r\n\r\n${ticket}`))
    }
    assertOne(answers)
    assert.match(answers.guessed ?? "", /^HTTP\/1\.1 403 /)
  })

  test("the gate cookie gets one answer: none, another's, cut, longer, under another name", async () => {
    await redeem(launch())
    const answers: Record<string, string> = {}
    for (const [kind, value] of Object.entries({
      none: "a=b",
      guessed: `sallyport-${port}=${"A".repeat(43)}`,
      cut: cookie.slice(0, -1),
      longer: `${cookie}A`,
      "under another name": cookie.replace("sallyport", "gate"),
    }))
      answers[kind] = withoutDate(
        await askRaw(
          port,
          `GET /x HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${value}\r\nConnection: close\r\n\r\n`,
        ),
      )
    assertOne(answers)
    assert.match(answers.none ?? "", /^HTTP\/1\.1 403 /)
    const right = `GET /x HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`
    assert.match(await askRaw(port, right), /^HTTP\/1\.1 404 /, "the control")
  })

  test("a frame ticket gets one answer: guessed, used, expired, for another origin, of a session that is over, asked for by no frame", async () => {
    const { credential } = await redeem(launch())
    const begin = async (agent = ""): Promise<{ socket: WebSocket; path: string }> => {
      const socket = await connect(helloOf(credential), { "user-agent": agent })
      const { frame } = JSON.parse(await socket.first) as Welcome
      return { socket: socket.webSocket, path: new URL(String(frame)).pathname }
    }
    const expired = await begin()
    ahead = 10_001
    const [used, over, elsewhere] = [await begin(), await begin(), await begin("Firefox/140.0")]
    assert.notEqual(core.redeemFrameTicket(used.path.slice(1), `http://127.0.0.1:${port}`), null)
    over.socket.send("text")
    await new Promise((resolve) => over.socket.once("close", resolve))
    const kinds = {
      guessed: `/${"A".repeat(43)}`,
      "of another length": "/A",
      empty: "/",
      used: used.path,
      expired: expired.path,
      "for another origin": elsewhere.path,
      "of a session that is over": over.path,
    }
    const answers = await askOutside(Object.values(kinds))
    assertOne(Object.fromEntries(Object.keys(kinds).map((kind, index) => [kind, withoutDate(answers[index] ?? "")])))
    assert.match(answers[0] ?? "", /^HTTP\/1\.1 403 /)
    const [notByFrame = ""] = await askOutside([used.path], "empty")
    assert.equal(withoutDate(notByFrame), withoutDate(answers[0] ?? ""))
    const { socket, path } = await begin()
    assert.match(String(await askOutside([path])), /^HTTP\/1\.1 200 /, "the control")
    for (const open of [socket, used.socket, expired.socket, elsewhere.socket]) open.terminate()
  })
})

/** Asks for isolation documents from another process, for sockets of this one get none; the answers as they come. */
async function askOutside(paths: readonly string[], destination = "iframe"): Promise<string[]> {
  const program = `
    const { connect } = require("node:net")
    const [port, destination, ...paths] = process.argv.slice(1)
    const ask = (path) => new Promise((resolve) => {
      let answer = ""
      const head = ["GET " + path + " HTTP/1.1", "Host: 127.0.0.1:" + port, "Connection: close",
        "Sec-Fetch-Dest: " + destination, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: cross-site"]
      connect(port, "127.0.0.1", function () { this.write(head.join("\\r\\n") + "\\r\\n\\r\\n") })
        .on("data", (bytes) => { answer += bytes.toString("latin1") }).on("close", () => resolve(answer))
    })
    Promise.all(paths.map(ask)).then((answers) => console.log(JSON.stringify(answers)))`
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program, String(port), destination, ...paths])
  return JSON.parse(stdout) as string[]
}
