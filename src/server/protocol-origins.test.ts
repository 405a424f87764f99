/** Each sentence of docs/protocol.md, "Origins", against a real server. A sentence that has no row here fails. */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { Directories } from "../directories/directories.ts"
import { PathScope } from "../directories/path-scope.ts"
import { askRaw, GRANT, startTestServer, type TestServer, WINDOW } from "./server.fixture.ts"

/** What is sent, as lines: the request line, then headers. `PORT`, `COOKIE` and `ASSET` stand for those of the server. */
type Lines = readonly string[]
/** Start of the status line, or `null` for no answer; then headers that the answer has, and its body. */
type Expected = readonly [status: string | null, ...has: RegExp[]]
interface Row {
  readonly name: string
  readonly send: Lines
  readonly body?: string
  readonly expect: Expected
  /** Of the decision that is audited. */
  readonly audited?: string
  readonly isBare?: boolean
}

const HOST = "Host: localhost:PORT"
const ISOLATION = "Host: 127.0.0.1:PORT"
const OF_WINDOW = "Host: NUMBER.localhost:PORT"
const COOKIE = "Cookie: COOKIE"
const ORIGIN = "Origin: http://localhost:PORT"
const END = "Connection: close"
const KNOWN: Lines = [HOST, COOKIE, END]
const UPGRADE: Lines = [
  COOKIE,
  ORIGIN,
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
]
const IPC = "GET /__sallyport__/ipc HTTP/1.1"
const OPEN = "/__sallyport__/open"
/** Ends a socket that was let in, as a client does: a masked close frame. */
const CLOSE = "\x88\x80\0\0\0\0"
const EMPTY = /\r\n\r\n$/
const FRAME: Lines = ["Sec-Fetch-Dest: iframe", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: cross-site"]

const row = (name: string, send: Lines, ...expect: Expected): Row => ({ name, send, expect })
const without = (lines: Lines, start: string): Lines => lines.filter((line) => !line.startsWith(start))
/** An upgrade of which one line is another. */
const upgrade = (change: string, line = IPC, headers: Lines = [HOST, ...UPGRADE]): Lines => [
  line,
  ...without(headers, change.slice(0, change.indexOf(":") + 1)),
  change,
]

const SENTENCES: Readonly<Record<string, readonly Row[]>> = {
  "One HTTP server, one port, on 127.0.0.1 and ::1.": [row("127.0.0.1", ["GET /a.js HTTP/1.1", ...KNOWN], "200")],
  "`Host`, compared exactly, decides; a target that is no path, a second `Host`, none, and every other name get **421** without a body.":
    [
      ...["x", "localhost", "localhost:1", "LOCALHOST:PORT", "localhost.:PORT", "[::1]:PORT", ""].map((host) =>
        row(`"${host}"`, ["GET /a.js HTTP/1.1", `Host: ${host}`, COOKIE, END], "421", EMPTY),
      ),
      row("an absolute target", ["GET http://localhost:PORT/a.js HTTP/1.1", ...KNOWN], "421", EMPTY),
      row("OPTIONS *", ["OPTIONS * HTTP/1.1", ...KNOWN], "421", EMPTY),
      row("a second Host", ["GET /a.js HTTP/1.1", ...KNOWN, HOST], "421", EMPTY),
      row("no Host, in HTTP/1.1", ["GET /a.js HTTP/1.1", COOKIE, END], "421", EMPTY),
      row("no Host, in HTTP/1.0", ["GET /a.js HTTP/1.0", COOKIE], "421", EMPTY),
      row("Host, in HTTP/1.0", ["GET /a.js HTTP/1.0", HOST, COOKIE], "200"),
      row("an upgrade without Host", [IPC, ...UPGRADE], "421", EMPTY),
    ],
  "| `localhost:<port>` | app origin | the frontend with the bridge in it, and the endpoints below |": [
    row("a page", ["GET / HTTP/1.1", ...KNOWN, "Sec-Fetch-Dest: document"], "200", /window\.bridge = true/),
  ],
  "| `<n>.localhost:<port>` | isolation origin of window `n` | `GET /<frame ticket>`: isolation documents, nothing else; in brownfield 404 |":
    [
      row("no ticket", ["GET /x HTTP/1.1", OF_WINDOW, END, ...FRAME], "403", EMPTY),
      row("a file of the frontend", ["GET /a.js HTTP/1.1", OF_WINDOW, COOKIE, END], "403", EMPTY),
      row("the launch page", [`GET ${OPEN} HTTP/1.1`, OF_WINDOW, END], "403", EMPTY),
      { ...row("in brownfield", ["GET /x HTTP/1.1", OF_WINDOW, END, ...FRAME], "404", EMPTY), isBare: true },
    ],
  "| `127.0.0.1:<port>` | isolation origin of all windows, in engines without the above | the same |": [
    row("no ticket", ["GET /x HTTP/1.1", ISOLATION, END, ...FRAME], "403", EMPTY),
    row("a file of the frontend", ["GET /a.js HTTP/1.1", ISOLATION, COOKIE, END], "403", EMPTY),
    { ...row("in brownfield", ["GET /x HTTP/1.1", ISOLATION, END, ...FRAME], "404", EMPTY), isBare: true },
  ],
  // In src/boundary/core/window-registry.test.ts.
  "**Number.** Each window has a number `n`, random, from 1 to 2³² - 1, from its launch to its end; no two open windows have the same.":
    [],
  "In `Host` it is decimal, without leading zeros; the number of no open window is one of the other names.": [
    ...["0NUMBER", "8", "NUMBER.", "NUMBER.app", "+NUMBER", ""].map((number) =>
      row(`"${number}"`, ["GET /x HTTP/1.1", `Host: ${number}.localhost:PORT`, END, ...FRAME], "421", EMPTY),
    ),
  ],
  // Of engines.
  "Engines give each such name a process, whatever the port, so a sandbox that is busy holds up no other window, and no window of another app in the same browser.":
    [],
  "These engines resolve such names to this machine by themselves, whatever the system says.": [],
  "A page cannot change this header.": [],
  // In src/server/upgrade.test.ts, because the Core is told.
  "The `User-Agent` of the WebSocket's request decides where a session's frame loads from: `Chrome/` or `Firefox/`, each with a digit behind it, means `<n>.localhost`.":
    [],
  "WebKitGTK and every other client get `127.0.0.1`.": [],
  "Who lies gets an address that it cannot load, or that it shares with others who lie; document, key and policy are the same.":
    [],
  "| `/__sallyport__/open` | GET, HEAD | the launch page; needs no cookie |": [
    row("GET", [`GET ${OPEN} HTTP/1.1`, HOST, END], "200", /<title>Opening/),
    row("HEAD", [`HEAD ${OPEN} HTTP/1.1`, HOST, END], "200", EMPTY),
  ],
  "| `/__sallyport__/open` | POST | trades a launch ticket; needs `Origin: <app origin>` |": [
    {
      name: "a ticket",
      send: [`POST ${OPEN} HTTP/1.1`, HOST, ORIGIN, END],
      body: "good",
      expect: ["200", /credential/],
    },
    { name: "no origin", send: [`POST ${OPEN} HTTP/1.1`, HOST, END], body: "unused", expect: ["403", EMPTY] },
    {
      name: "another origin",
      send: [`POST ${OPEN} HTTP/1.1`, HOST, "Origin: http://localhost:1", END],
      body: "unused",
      expect: ["403", EMPTY],
    },
  ],
  "| `/__sallyport__/ipc` | GET, upgrade | the WebSocket (RFC 6455); needs exactly one `Origin`, equal to the app origin, and the gate cookie |":
    [
      row("the page's own", upgrade(COOKIE), "101"),
      row("no origin", without(upgrade(COOKIE), "Origin:"), "403", EMPTY),
      row("two origins", [...upgrade(COOKIE), ORIGIN], "403", EMPTY),
      row("without an upgrade", ["GET /__sallyport__/ipc HTTP/1.1", ...KNOWN], "404", EMPTY),
    ],
  "| `/__sallyport__/asset/<path>` | GET, HEAD | a file that `app.security.assetProtocol` opens, its absolute path percent-encoded as one component; needs the gate cookie and `Sec-Fetch-Site: same-origin`; 403 for what is not in the scope, and for scripts and workers; 404 where it is not enabled |":
    [
      row("a file", ["GET ASSET HTTP/1.1", ...KNOWN, "Sec-Fetch-Site: same-origin"], "200"),
      row("HEAD", ["HEAD ASSET HTTP/1.1", ...KNOWN, "Sec-Fetch-Site: same-origin"], "200", EMPTY),
      { ...row("not enabled", ["GET ASSET HTTP/1.1", ...KNOWN], "404", EMPTY), isBare: true },
      row("from elsewhere", ["GET ASSET HTTP/1.1", ...KNOWN, "Sec-Fetch-Site: same-site"], "403", EMPTY),
      row("no cookie", ["GET ASSET HTTP/1.1", HOST, END, "Sec-Fetch-Site: same-origin"], "403", EMPTY),
      row("outside", ["GET /__sallyport__/asset/%2Fx HTTP/1.1", ...KNOWN, "Sec-Fetch-Site: same-origin"], "403", EMPTY),
      ...["script", "worker"].map((kind) =>
        row(
          kind,
          ["GET ASSET HTTP/1.1", ...KNOWN, "Sec-Fetch-Site: same-origin", `Sec-Fetch-Dest: ${kind}`],
          "403",
          EMPTY,
        ),
      ),
    ],
  "| everything else | GET, HEAD | the frontend; needs the gate cookie and, where there is an `Origin`, the app's or `Sec-Fetch-Site: same-origin`, else 403; other paths under `/__sallyport__/` are 404 |":
    [
      row("HEAD", ["HEAD /a.js HTTP/1.1", ...KNOWN], "200", EMPTY),
      row("no cookie", ["GET /a.js HTTP/1.1", HOST, END], "403", EMPTY),
      row("another origin", ["GET /a.js HTTP/1.1", ...KNOWN, "Origin: http://localhost:1"], "403", EMPTY),
      row("the app's origin", ["GET /a.js HTTP/1.1", ...KNOWN, ORIGIN], "200"),
      row("no origin", ["GET /a.js HTTP/1.1", ...KNOWN, "Origin: null", "Sec-Fetch-Site: same-origin"], "200"),
      row("our paths", ["GET /__sallyport__/x HTTP/1.1", ...KNOWN], "404", EMPTY),
      row("a path that is not there", ["GET /x.js HTTP/1.1", ...KNOWN], "404", EMPTY),
    ],
  "A request whose line and headers have more than 16 KiB gets 431 without a body, whatever its `Host`, and its connection is closed; so is one that is no HTTP, without an answer.":
    [
      ...["localhost:PORT", "x"].map((host) =>
        row(host, ["GET /a.js HTTP/1.1", `Host: ${host}`, `X: ${"x".repeat(17_000)}`], "431", EMPTY),
      ),
      { ...row("no HTTP", ["GET / HTTP/9.9", HOST], null), audited: "broken request" },
    ],
  // In server.test.ts, because it takes its time.
  "A connection whose request stalls is closed without an answer: after 10 s in its headers, after 30 s in its body.":
    [],
  "It is audited as `request-refused`, unless it has sent nothing: browsers open connections in advance.": [],
  "Paths are compared as they were sent, without their query.": [
    row("a query", [`GET ${OPEN}?x HTTP/1.1`, HOST, END], "200"),
    row("a path that decodes to another", ["GET /__sallyport__/%6fpen HTTP/1.1", HOST, END], "403", EMPTY),
    row("a socket with a query", upgrade(COOKIE, "GET /__sallyport__/ipc?x HTTP/1.1"), "101"),
  ],
  "Another method gets 405, except through a development server.": [
    ...["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"].map((method) =>
      row(method, [`${method} /a.js HTTP/1.1`, ...KNOWN], "405", EMPTY),
    ),
    row("PUT of a ticket", [`PUT ${OPEN} HTTP/1.1`, ...KNOWN, ORIGIN], "405", EMPTY),
    row("POST of an asset", ["POST ASSET HTTP/1.1", ...KNOWN, "Sec-Fetch-Site: same-origin"], "405", EMPTY),
  ],
  "An `Expect` other than `100-continue` is ignored.": [
    row("a file", ["GET /a.js HTTP/1.1", ...KNOWN, "Expect: foo"], "200"),
    row("another host", ["GET /a.js HTTP/1.1", "Host: x", END, "Expect: foo"], "421", EMPTY),
    row("no cookie", ["GET /a.js HTTP/1.1", HOST, END, "Expect: 100-continue, foo"], "100", /403 .*\r\n\r\n$/s),
  ],
  "An upgrade that is not let in gets 421, 403, 400 or 404 without a body, and its socket is closed.": [
    row("another host", upgrade("Host: x"), "421", EMPTY),
    row("another origin", upgrade("Origin: http://localhost:1"), "403", EMPTY),
    row("no cookie, on another path", without(upgrade(ORIGIN, "GET / HTTP/1.1"), "Cookie:"), "403", EMPTY),
    row("another path", upgrade(COOKIE, "GET / HTTP/1.1"), "404", EMPTY),
  ],
  "It gets 400 where it is no WebSocket handshake of version 13 by GET in HTTP/1.1, and no answer behind a request that is still being answered.":
    [
      row("h2c", upgrade("Upgrade: h2c"), "400", EMPTY),
      row("h2c on another path", upgrade("Upgrade: h2c", "GET /a.js HTTP/1.1"), "400", EMPTY),
      row("two protocols", [...upgrade(COOKIE), "Upgrade: h2c"], "400", EMPTY),
      row("no key", without(upgrade(COOKIE), "Sec-WebSocket-Key:"), "400", EMPTY),
      row("a key that is none", upgrade("Sec-WebSocket-Key: x"), "400", EMPTY),
      row("no version", without(upgrade(COOKIE), "Sec-WebSocket-Version:"), "400", EMPTY),
      row("version 8", upgrade("Sec-WebSocket-Version: 8"), "400", EMPTY),
      row("a subprotocol that is none", upgrade("Sec-WebSocket-Protocol: ,"), "400", EMPTY),
      row("POST", [...upgrade(COOKIE, "POST /__sallyport__/ipc HTTP/1.1"), "Content-Length: 0"], "400", EMPTY),
      row("HTTP/1.0", upgrade(COOKIE, "GET /__sallyport__/ipc HTTP/1.0"), "400", EMPTY),
      {
        name: "behind a request that is being answered",
        send: ["GET /large.bin HTTP/1.1", HOST, COOKIE, "", IPC, HOST, ...UPGRADE],
        expect: [null],
      },
    ],
  "`CONNECT` is treated as an upgrade.": [
    row("to another host", ["CONNECT localhost:22 HTTP/1.1", "Host: localhost:22"], "421", EMPTY),
    row("to the app", ["CONNECT localhost:PORT HTTP/1.1", ...KNOWN, ORIGIN], "421", EMPTY),
    row("to a path", upgrade(COOKIE, "CONNECT /__sallyport__/ipc HTTP/1.1"), "400", EMPTY),
  ],
  "A page of the app origin whose cookie is missing or another launch's is let in only to be closed with 4003 at once: it outlived the app, and would try for ever.":
    [
      row("no cookie", without(upgrade(ORIGIN), "Cookie:"), "101", /open it from the app again/),
      row("another launch's", upgrade("Cookie: sallyport-PORT=x"), "101", /open it from the app again/),
    ],
  "A request with a `Service-Worker` header gets 403.": [
    row("a script", ["GET /a.js HTTP/1.1", ...KNOWN, "Service-Worker: script"], "403", EMPTY),
  ],
  "Responses on the app origin carry `Cross-Origin-Resource-Policy: same-origin`, `X-Content-Type-Options: nosniff` and `frame-ancestors 'self'`.":
    [
      ["a file", "GET /a.js", COOKIE, "200"],
      ["nothing", "GET /x.js", COOKIE, "404"],
      ["another method", "POST /a.js", COOKIE, "405"],
      ["no cookie", "GET /a.js", "X: x", "403"],
      ["our paths", "GET /__sallyport__/x", COOKIE, "404"],
    ].map(([name = "", target = "", cookie = "", status = ""]) =>
      row(
        name,
        [`${target} HTTP/1.1`, HOST, cookie, END],
        status,
        /^cross-origin-resource-policy: same-origin\r$/m,
        /^x-content-type-options: nosniff\r$/m,
        /^content-security-policy: .*frame-ancestors 'self'\r$/m,
      ),
    ),
  "A document's policy must allow frames from `http://*.localhost:<port>` and `http://127.0.0.1:<port>`: which window asks for it is not known yet.":
    [
      row(
        "a page",
        ["GET / HTTP/1.1", ...KNOWN, "Sec-Fetch-Dest: document"],
        "200",
        /frame-src [^;]*http:\/\/\*\.localhost:\d+ http:\/\/127\.0\.0\.1:\d+/,
      ),
    ],
  "The app's server alone answers for these names on its port, with isolation documents and refusals.": [
    row("a page", ["GET / HTTP/1.1", OF_WINDOW, COOKIE, END, "Sec-Fetch-Dest: document"], "403", EMPTY),
  ],
}

let app: TestServer
/** In brownfield, and without assets. */
let bare: TestServer
before(async () => {
  app = await startTestServer({
    files: { "a.js": "1", "large.bin": "x".repeat(20_000_000) },
    options: {
      assets: new PathScope(
        { allow: ["/**/large.bin"], deny: [] },
        new Directories({ identifier: "app", resources: "/" }),
      ),
    },
  })
  bare = await startTestServer({ config: { pattern: { use: "brownfield" } }, options: { isolationApp: null } })
})
after(() => Promise.all([app.close(), bare.close()]))

for (const [sentence, rows] of Object.entries(SENTENCES))
  describe(sentence, () => {
    for (const { name, send, body, expect, audited, isBare } of rows)
      test(name, async () => {
        const { port, cookie, gate } = isBare ? bare : app
        gate.launches.set("good", GRANT)
        const asset = `/__sallyport__/asset/${encodeURIComponent(join(app.folder, "frontend/large.bin"))}`
        const length = body === undefined ? [] : [`Content-Length: ${body.length}`]
        const text = [...send, ...length, "", body ?? ""].join("\r\n")
        const bytes = text
          .replaceAll("PORT", String(port))
          .replaceAll("COOKIE", cookie)
          .replaceAll("ASSET", asset)
          .replaceAll("NUMBER", String(WINDOW))
        const [status, ...has] = expect
        const refusals = gate.refusals.length
        const answer = await askRaw(port, status === "101" ? bytes + CLOSE : bytes)
        if (status === null) assert.doesNotMatch(answer, /HTTP\/1\.1 (?!200)/)
        else assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
        for (const one of has) assert.match(answer, one)
        if (audited !== undefined) assert.deepEqual(gate.refusals.slice(refusals), [audited])
      })
  })

test("each sentence of the section has its rows", () => {
  const text = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8")
  const section = text.split("\n## Origins\n")[1]?.split("\n## ")[0] ?? ""
  const paragraphs = section.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== "")
  const sentences = paragraphs.flatMap((paragraph) =>
    paragraph.startsWith("|")
      ? paragraph.trim().split("\n").slice(2)
      : paragraph
          .trim()
          .replaceAll("\n", " ")
          .split(/(?<=\.) (?=[A-Z`])/),
  )
  assert.deepEqual(sentences.toSorted(), Object.keys(SENTENCES).toSorted())
})

test("the WebSocket uses no extension and no subprotocol, whatever is offered", async () => {
  const offers = "Sec-WebSocket-Protocol: x, y\r\nSec-WebSocket-Extensions: permessage-deflate"
  const text = [...upgrade(COOKIE), offers, "", ""].join("\r\n")
  const bytes = text.replaceAll("PORT", String(app.port)).replaceAll("COOKIE", app.cookie)
  const answer = await askRaw(app.port, bytes + CLOSE)
  assert.match(answer, /^HTTP\/1\.1 101 /)
  assert.doesNotMatch(answer, /^sec-websocket-(?:protocol|extensions)/im)
})
