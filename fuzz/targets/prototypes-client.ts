import { once } from "node:events"
import type { IncomingMessage } from "node:http"
import { WebSocket } from "ws"
import type { SandboxSession } from "../../src/boundary/wire/messages.ts"
import { SESSION_ELEMENT } from "../../src/boundary/wire/messages.ts"
import { splitPayload } from "../../src/boundary/wire/payload.ts"
import { layOut, seal } from "../../src/core/core.fixture.ts"
import { ASSET_PATH, IPC_PATH, LAUNCH_PATH } from "../../src/protocol/endpoints.ts"
import type { PagePayload, Welcome } from "../../src/protocol/page-messages.ts"
import { type AskOptions, ask, askRaw } from "../../src/server/server.fixture.ts"
import type { AppProcess } from "./prototypes-process.ts"

const AS_A_FRAME = { "sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site" }
const AS_A_PAGE = { "sec-fetch-dest": "document" }
/** A browser that resolves names below `localhost` itself: its isolation documents have an origin for each window. */
const AS_CHROMIUM = {
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36",
}
const OF_THE_APP = { "sec-fetch-site": "same-origin" }

interface Session {
  readonly socket: WebSocket
  readonly welcome: Welcome
  readonly payloads: PagePayload[]
  data: SandboxSession
  seq: number
  /** Called for each message, and for the close. */
  heard: () => void
}

/** What the windows of an app do, without a browser: launch links, pages, sockets, isolation documents, sealed calls. */
export class Client {
  readonly seen: string[] = []
  readonly #app: AppProcess
  readonly #folder: string
  readonly #windows: { cookie: string; credential: string; session?: Session }[] = []
  readonly #sockets: WebSocket[] = []
  /** What differs from run to run, with what is written in its place. */
  readonly #words = new Map<string, string>()

  readonly steps: Readonly<Record<string, () => Promise<void>>> = {
    launch: () => this.#launch(),
    pages: () => this.#pages(),
    hello: () => this.#hello(),
    frame: () => this.#frame(),
    calls: () => this.#calls(),
    event: () => this.#event(),
    close: () => this.#close(),
  }

  constructor(app: AppProcess, folder: string) {
    this.#app = app
    this.#folder = folder
    this.#words.set(folder, "FOLDER")
  }

  /** The same without what differs from run to run. */
  plain(line: string): string {
    let text = line
    for (const [found, word] of this.#words) text = text.replaceAll(found, word)
    return (
      text
        .replaceAll(/(?<=(?:localhost|127\.0\.0\.1):|sallyport-)\d+/g, "PORT")
        .replaceAll(/\d+(?=\.localhost)/g, "WINDOW")
        .replaceAll(/(?<=sha256 )[\da-f]{64}/g, "HASH")
        .replaceAll(/(?<="(?:key|session)":)\[[\d,]*\]/g, "BYTES")
        // As long as the numbers of its key are.
        .replace(/(?<=^200 for GET \/FRAME .*"content-length":")\d+/, "LENGTH")
    )
  }

  end(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  get #port(): number {
    return Number(new URL(this.#app.origin).port)
  }

  async #ask(path: string, options: AskOptions = {}): Promise<string> {
    const { status, headers, body } = await ask(this.#port, path, options)
    const { date: _, ...rest } = headers
    this.seen.push(
      `${status} for ${options.method ?? "GET"} ${path} ${JSON.stringify(options.headers)}: ${JSON.stringify(rest)} ${body}`,
    )
    const [cookie = ""] = headers["set-cookie"] ?? []
    return status === 200 ? `${cookie.split(";", 1)[0]}\n${body}` : ""
  }

  async #launch(): Promise<void> {
    const { origin } = this.#app
    await this.#ask(LAUNCH_PATH)
    await this.#ask(LAUNCH_PATH, { method: "POST", headers: { origin }, body: "x".repeat(43) })
    for (const link of this.#app.links) {
      const body = new URL(link).hash.slice(1)
      this.#words.set(body, "TICKET")
      await this.#ask(LAUNCH_PATH, { method: "POST", headers: { origin: "http://localhost:1" }, body })
      await this.#ask(LAUNCH_PATH, { method: "POST", body })
      const [cookie = "", json = ""] = (
        await this.#ask(LAUNCH_PATH, { method: "POST", headers: { origin }, body })
      ).split("\n")
      const { credential } = JSON.parse(json)
      this.#words.set(cookie.split("=")[1] ?? "", "COOKIE").set(credential, "CREDENTIAL")
      this.#windows.push({ cookie, credential })
    }
    // A ticket that is used twice ends its window.
    const body = new URL(this.#app.links.at(-1) ?? "").hash.slice(1)
    await this.#ask(LAUNCH_PATH, { method: "POST", headers: { origin }, body })
  }

  async #pages(): Promise<void> {
    const { cookie = "" } = this.#windows[0] ?? {}
    const { origin } = this.#app
    const asset = (name: string): string => `${ASSET_PATH}${encodeURIComponent(`${this.#folder}/${name}`)}`
    const asks: readonly (readonly [path: string, options?: AskOptions])[] = [
      ["/"],
      ["/", { headers: { cookie: "sallyport-1=x" } }],
      ["/", { headers: { cookie, host: "evil.example" } }],
      ["/", { headers: { cookie, origin: "http://localhost:1" } }],
      ["/", { headers: { cookie, "service-worker": "script" } }],
      ["/", { headers: { cookie } }],
      ["/", { headers: { cookie, ...AS_A_PAGE } }],
      ["/", { method: "HEAD", headers: { cookie, ...AS_A_PAGE } }],
      ["/", { method: "POST", headers: { cookie, origin }, body: "a" }],
      ["/deep/route", { headers: { cookie, ...AS_A_PAGE } }],
      ["/deep/route", { headers: { cookie } }],
      ["/app.js", { headers: { cookie } }],
      ["/app.js", { headers: { cookie, range: "bytes=2-4" } }],
      ["/app.js", { headers: { cookie, range: "bytes=900-" } }],
      ["/page.xhtml", { headers: { cookie, ...AS_A_PAGE } }],
      ["/picture.svg", { headers: { cookie } }],
      ["/.hidden", { headers: { cookie } }],
      ["/..%2foutside.txt", { headers: { cookie } }],
      ["/__sallyport__/nothing", { headers: { cookie } }],
      [asset("notes/a.txt"), { headers: { cookie, ...OF_THE_APP } }],
      [asset("notes/a.txt"), { headers: { cookie } }],
      [asset("notes/a.txt"), { headers: { cookie, ...OF_THE_APP, "sec-fetch-dest": "script" } }],
      [asset("notes/secret.txt"), { headers: { cookie, ...OF_THE_APP } }],
      [asset("outside.txt"), { headers: { cookie, ...OF_THE_APP } }],
    ]
    for (const [path, options] of asks) await this.#ask(path, options)
    for (const bytes of ["GET /../outside.txt HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nA b\r\n\r\n"])
      this.seen.push(
        (await askRaw(this.#port, bytes.replace("\r\n\r\n", `\r\nConnection: close\r\n\r\n`))).replace(
          /^date: .*\r\n/im,
          "",
        ),
      )
  }

  /** A socket, and its first message or its close. */
  async #socket(headers: Readonly<Record<string, string>>, hello: unknown): Promise<[WebSocket, string | null]> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}${IPC_PATH}`, {
      headers: { host: `localhost:${this.#port}`, ...headers },
      perMessageDeflate: { serverMaxWindowBits: 10 },
    })
    this.#sockets.push(socket)
    socket.on("error", () => {})
    const note = (kind: string, { statusCode, headers }: IncomingMessage): void => {
      const { date: _, "sec-websocket-accept": __, ...rest } = headers
      this.seen.push(`socket ${kind} ${statusCode} ${JSON.stringify(rest)}`)
    }
    socket.once("upgrade", (answer) => note("upgraded", answer))
    socket.once("unexpected-response", (request, answer) => {
      note("refused", answer)
      request.destroy()
      socket.emit("close", 1006, Buffer.alloc(0))
    })
    socket.once("open", () => socket.send(JSON.stringify(hello)))
    const message = once(socket, "message").then(([data]) => String(data))
    const closed = once(socket, "close").then(([code, reason]) => {
      this.seen.push(`socket closed ${code} ${reason}`)
      return null
    })
    message.catch(() => {})
    closed.catch(() => {})
    return [socket, await Promise.race([message, closed])]
  }

  async #hello(): Promise<void> {
    const { origin } = this.#app
    const [first] = this.#windows
    const { cookie = "", credential = "" } = first ?? {}
    await this.#socket({ cookie, origin: "http://localhost:1" }, {})
    await this.#socket({ cookie }, {})
    await this.#socket({ origin }, { hello: 1, credential })
    await this.#socket({ cookie, origin }, { hello: 1, credential: "x".repeat(43) })
    await this.#socket({ cookie, origin }, { hello: 1 })
    await this.#socket({ cookie, origin }, [])
    for (const window of this.#windows.slice(0, 2)) {
      const headers = { cookie: window.cookie, origin, ...(window === first && AS_CHROMIUM) }
      const [socket, text] = await this.#socket(headers, { hello: 1, credential: window.credential })
      if (text === null) continue
      const welcome = JSON.parse(text) as Welcome
      this.#words.set(new URL(String(welcome.frame)).pathname.slice(1), "FRAME").set(welcome.session, "SESSION")
      this.seen.push(`welcome ${text}`)
      const session: Session = { socket, welcome, payloads: [], data: {} as never, seq: 0, heard: () => {} }
      socket.on("message", (data, isBinary) => {
        if (isBinary) session.payloads.push(JSON.parse(splitPayload(data as Buffer).json))
        else this.seen.push(`text ${data}`)
        session.heard()
      })
      socket.on("close", () => session.heard())
      window.session = session
    }
  }

  async #frame(): Promise<void> {
    for (const { session } of this.#windows) {
      if (session === undefined) continue
      const { host, pathname } = new URL(String(session.welcome.frame))
      await this.#ask(pathname, { headers: { host } })
      await this.#ask(pathname, { headers: { host, ...AS_A_FRAME, "sec-fetch-site": "same-origin" } })
      await this.#ask(pathname, { headers: AS_A_FRAME })
      const html = await this.#ask(pathname, { headers: { host, ...AS_A_FRAME } })
      session.data = JSON.parse(new RegExp(`id="${SESSION_ELEMENT}">([^<]*)<`).exec(html)?.[1] ?? "{}")
      await this.#ask(pathname, { headers: { host, ...AS_A_FRAME } })
    }
  }

  #seal(session: Session, payload: object, blobs: readonly Uint8Array[] = []): Uint8Array {
    const { key, session: id } = session.data
    session.seq += 1
    return seal(layOut(payload, blobs), { key: Uint8Array.from(key), session: Uint8Array.from(id), seq: session.seq })
  }

  /** Sends calls, waits for their answers, and returns these by the calls' numbers. */
  async #call(
    session: Session,
    calls: readonly unknown[][],
    more: object = {},
    blobs: readonly Uint8Array[] = [],
  ): Promise<ReadonlyMap<unknown, unknown>> {
    const ids = new Set(calls.map(([id]) => id))
    session.socket.send(this.#seal(session, { calls, blobs: blobs.map(({ length }) => length), ...more }, blobs))
    const isAnswered = (): boolean => {
      const replies = session.payloads.flatMap(({ replies = [] }) => replies.map(([id]) => id))
      return [...ids].every((id) => replies.includes(id as number))
    }
    while (!isAnswered() && session.socket.readyState === WebSocket.OPEN)
      await new Promise<void>((resolve) => {
        session.heard = resolve
      })
    const answers = session.payloads.splice(0)
    const replies = answers.flatMap(({ replies = [] }) => replies.map((reply) => JSON.stringify(reply)))
    this.seen.push(...replies.sort().map((reply) => `${session.welcome.label} is answered ${reply}`))
    this.seen.push(JSON.stringify(answers.flatMap(({ events = [], channels = [] }) => [...events, ...channels])))
    return new Map(answers.flatMap(({ replies = [] }) => replies.map(([id, , value]) => [id, value])))
  }

  async #calls(): Promise<void> {
    const [main, other] = this.#windows.map(({ session }) => session)
    if (main === undefined || other === undefined) return
    for (const session of [main, other])
      session.socket.send(this.#seal(session, { hook: "function", logs: [], blobs: [] }))
    const path = (name: string): Record<string, string> => ({ path: encodeURIComponent(`${this.#folder}/${name}`) })
    const store = { path: "kept.json" }
    const rid = (await this.#call(main, [[1, "plugin:store|load", store]])).get(1)
    this.#words.set(String(rid), "RESOURCE")
    await this.#call(
      main,
      [
        [2, "note", { path: "/notes/a" }],
        [3, "forbidden"],
        [4, "note", { a: [{}, []] }, { "x-note": "1" }],
        [5, "nothing"],
        [6, "bytes", null, null, 0],
        [7, "plugin:event|listen", { event: "news", target: { kind: "Any" }, handler: 9 }],
        [8, "plugin:fs|read_text_file", { path: `${this.#folder}/notes/a.txt` }],
        [9, "plugin:fs|read_text_file", { path: `${this.#folder}/notes/secret.txt` }],
        [10, "plugin:fs|read_text_file", { path: `${this.#folder}/outside.txt` }],
        [11, "plugin:fs|exists", { path: `${this.#folder}/notes/none.txt` }],
        [12, "plugin:fs|exists", { path: "/etc/passwd", options: {} }],
        [13, "plugin:fs|write_text_file", null, path("notes/a.txt"), 0],
        [14, "plugin:fs|remove", { path: `${this.#folder}/notes/a.txt` }],
        [15, "plugin:path|resolve_directory", { directory: 11 }],
        [16, "plugin:window|title", { label: "main" }],
        [17, "plugin:app|name"],
        [18, "plugin:window|create", { options: { label: "made", url: "a.html" } }],
        [20, "plugin:store|set", { rid, key: "a", value: { b: [1] } }],
        [21, "plugin:store|entries", { rid }],
        [22, "plugin:store|get", { rid, key: "valueOf" }],
        [23, "plugin:store|close", { rid }],
      ],
      { refused: [[19, "rm", "HOOK_REFUSED", "no"]], logs: [["warn", "text"]] },
      [Uint8Array.of(1, 2)],
    )
    await this.#call(other, [
      [1, "note"],
      [2, "bytes"],
      [3, "plugin:fs|exists", path("notes/a.txt")],
      [4, "plugin:store|get_store", store],
    ])
  }

  /** The events come before the answer to a call that is made after them. */
  async #event(): Promise<void> {
    for (const { session } of this.#windows) if (session !== undefined) await this.#call(session, [[100, "note"]])
  }

  async #close(): Promise<void> {
    for (const { session } of this.#windows) {
      if (session === undefined) continue
      if (session.socket.readyState !== WebSocket.CLOSED) await once(session.socket, "close")
    }
  }
}
