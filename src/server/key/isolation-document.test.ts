import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { ServerResponse } from "node:http"
import { after, before, test } from "node:test"
import { promisify } from "node:util"
import { parse } from "parse5"
import { cspHash } from "../respond.ts"
import {
  type Answer,
  ask,
  eventually,
  FRAME,
  SANDBOX,
  startTestServer,
  type TestServer,
  WINDOW,
} from "../server.fixture.ts"
import { IsolationDocument } from "./isolation-document.ts"

const FRAME_HEADERS = { "sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site" }

let app: TestServer
before(async () => {
  app = await startTestServer()
})
after(() => app.close())

/** Asks from a process of its own, as a browser would: sockets of this process get nothing. */
async function askOutside(path: string, headers: Record<string, string>, method = "GET"): Promise<Answer> {
  const program = `
    const { port, path, method, headers } = JSON.parse(process.argv[1])
    require("node:http").request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let body = ""
      response.on("data", (chunk) => { body += chunk })
      response.on("end", () => console.log(JSON.stringify({ status: response.statusCode, headers: response.headers, body })))
    }).end()`
  const input = JSON.stringify({ port: app.port, path, method, headers: { host: `127.0.0.1:${app.port}`, ...headers } })
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program, input])
  return JSON.parse(stdout)
}

test("a frame gets its document, once", async () => {
  app.gate.frames.set("ticket", FRAME)
  const first = await askOutside("/ticket", FRAME_HEADERS)
  assert.equal(first.status, 200)
  assert.ok(first.body.includes(SANDBOX))
  const second = await askOutside("/ticket", FRAME_HEADERS)
  assert.deepEqual([second.status, second.body], [403, ""])
})

test("N9: of a process that forges a browser's headers and a frame, the first gets the document, and the other's refusal is told of", async () => {
  app.gate.frames.set("seen", FRAME)
  assert.equal((await askOutside("/seen", FRAME_HEADERS)).status, 200)
  const { length } = app.gate.refusals
  const frame = await askOutside("/seen", FRAME_HEADERS)
  assert.deepEqual([frame.status, frame.body], [403, ""])
  assert.deepEqual(app.gate.refusals.slice(length), ["frame ticket unknown, used, expired or for another origin"])
})

test("the headers let the frame's scripts run, and nothing else", async () => {
  app.gate.frames.set("ticket", FRAME)
  const { headers } = await askOutside("/ticket", FRAME_HEADERS)
  assert.equal(
    headers["content-security-policy"],
    `default-src 'none'; script-src ${cspHash(SANDBOX)} 'sha256-abc='; frame-ancestors ${app.server.origin}; sandbox allow-scripts`,
  )
  assert.equal(headers["cross-origin-embedder-policy"], "require-corp")
  assert.equal(headers["cross-origin-resource-policy"], "cross-origin")
  assert.equal(headers["x-content-type-options"], "nosniff")
  assert.equal(headers["referrer-policy"], "no-referrer")
  assert.equal(headers["cache-control"], "no-store")
  assert.match(String(headers["permissions-policy"]), /camera=\(\), .*usb=\(\)/)
  assert.equal(headers["set-cookie"], undefined)
})

test("the session's data stands before the runtime, and no label ends its element", async () => {
  app.gate.frames.set("ticket", FRAME)
  const { body } = await askOutside("/ticket", FRAME_HEADERS)
  const head = /<head>(.*)<\/head>/s.exec(body)?.[1] ?? ""
  assert.ok(head.startsWith('<script type="application/json" id="sallyport-session">'))
  assert.ok(head.endsWith(`<script>${SANDBOX}</script>`))
  const scripts = JSON.stringify(parse(body), (key, value) => (key === "parentNode" ? undefined : value))
  assert.ok(!scripts.includes('"tagName":"b"'))
  const data = JSON.parse(/id="sallyport-session">(.*?)<\/script>/s.exec(body)?.[1] ?? "")
  assert.deepEqual(data.session, [...FRAME.session])
  assert.deepEqual(data.key, [...FRAME.key])
  assert.equal(data.label, FRAME.label)
  assert.equal(data.parent, app.server.origin)
  const { jsonBytes, blobBytes, nesting, hookTimeoutMs } = FRAME.limits
  assert.deepEqual(data.limits, { jsonBytes, blobBytes, nesting, hookTimeoutMs })
})

for (const [name, headers, method] of [
  ["fetch", { ...FRAME_HEADERS, "sec-fetch-dest": "empty", "sec-fetch-mode": "cors" }, "GET"],
  ["fetch without CORS", { ...FRAME_HEADERS, "sec-fetch-dest": "empty", "sec-fetch-mode": "no-cors" }, "GET"],
  ["a script element", { ...FRAME_HEADERS, "sec-fetch-dest": "script", "sec-fetch-mode": "no-cors" }, "GET"],
  ["an object element", { ...FRAME_HEADERS, "sec-fetch-dest": "object" }, "GET"],
  ["an embed element", { ...FRAME_HEADERS, "sec-fetch-dest": "embed" }, "GET"],
  ["a popup", { ...FRAME_HEADERS, "sec-fetch-dest": "document" }, "GET"],
  ["a worker", { ...FRAME_HEADERS, "sec-fetch-dest": "worker", "sec-fetch-mode": "same-origin" }, "GET"],
  ["a frame that does not navigate", { ...FRAME_HEADERS, "sec-fetch-mode": "no-cors" }, "GET"],
  ["a frame of its own origin", { ...FRAME_HEADERS, "sec-fetch-site": "same-origin" }, "GET"],
  ["a frame of its own site", { ...FRAME_HEADERS, "sec-fetch-site": "same-site" }, "GET"],
  ["a user who types", { ...FRAME_HEADERS, "sec-fetch-site": "none" }, "GET"],
  ["a service worker's script", { ...FRAME_HEADERS, "service-worker": "script" }, "GET"],
  ["something that is no browser", {}, "GET"],
  ["two of the three", { "sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate" }, "GET"],
  ["a form", FRAME_HEADERS, "POST"],
  ["HEAD", FRAME_HEADERS, "HEAD"],
] as [string, Record<string, string>, string][]) {
  test(`gives nothing to ${name}, and the frame still gets its document`, async () => {
    app.gate.frames.set(name, FRAME)
    const path = `/${encodeURIComponent(name)}`
    app.gate.frames.set(path.slice(1), FRAME)
    const refused = await askOutside(path, headers, method)
    assert.deepEqual([refused.status, refused.body], [403, ""])
    assert.equal((await askOutside(path, FRAME_HEADERS)).status, 200)
  })
}

test("is on the isolation origin of each window that is open, and the Core is told at which one it was asked for", async () => {
  for (const host of [`${WINDOW}.localhost`, "127.0.0.1"]) {
    app.gate.frames.set("ticket", FRAME)
    assert.equal((await askOutside("/ticket", { ...FRAME_HEADERS, host: `${host}:${app.port}` })).status, 200)
    assert.equal(app.gate.origins.at(-1), `http://${host}:${app.port}`)
  }
  app.gate.frames.set("ticket", FRAME)
  const closed = await askOutside("/ticket", { ...FRAME_HEADERS, host: `${WINDOW + 1}.localhost:${app.port}` })
  assert.deepEqual([closed.status, closed.body], [421, ""])
})

test("gives nothing on the app origin", async () => {
  app.gate.frames.set("ticket", FRAME)
  const { status } = await askOutside("/ticket", { ...FRAME_HEADERS, host: `localhost:${app.port}` })
  assert.equal(status, 403)
  assert.equal((await askOutside("/ticket", FRAME_HEADERS)).status, 200)
})

test("gives nothing to http.get in this process, whatever it claims to be", async () => {
  app.gate.frames.set("ticket", FRAME)
  for (const address of ["127.0.0.1", "::1"]) {
    const headers = { ...FRAME_HEADERS, host: `127.0.0.1:${app.port}` }
    const { status, body } = await ask(app.port, "/ticket", { headers, address })
    assert.deepEqual([status, body], [403, ""])
  }
  assert.equal(app.gate.refusals.at(-1), "isolation document requested by this process itself")
  assert.equal((await askOutside("/ticket", FRAME_HEADERS)).status, 200)
})

test("gives nothing to fetch in this process", async () => {
  app.gate.frames.set("ticket", FRAME)
  const answer = await fetch(`http://127.0.0.1:${app.port}/ticket`, { headers: FRAME_HEADERS })
  assert.deepEqual([answer.status, await answer.text()], [403, ""])
  assert.equal((await askOutside("/ticket", FRAME_HEADERS)).status, 200)
})

test("what went out with the key in it is filled with zeros once it is out", async (context) => {
  const sent: Buffer[] = []
  const { end } = ServerResponse.prototype
  context.mock.method(ServerResponse.prototype, "end", function (this: ServerResponse, body?: Buffer) {
    if (body !== undefined) sent.push(body)
    return end.call(this, body as never, "utf8")
  })
  app.gate.frames.set("ticket", FRAME)
  const { body } = await askOutside("/ticket", FRAME_HEADERS)
  assert.ok(body.includes(JSON.stringify([...FRAME.key])))
  assert.equal(sent.length, 1)
  await eventually("the document is wiped", () => sent[0]?.every((byte) => byte === 0) === true)
  assert.deepEqual(FRAME.key, new Uint8Array(32).fill(2), "the session goes on with it")
})

test("a document whose client has left while its ticket was redeemed is not made", async (context) => {
  const end = context.mock.method(ServerResponse.prototype, "end")
  let leave = (): unknown => null
  const { answer } = IsolationDocument.prototype
  const answers = context.mock.method(IsolationDocument.prototype, "answer", function (
    this: IsolationDocument,
    request,
    response,
  ) {
    leave = () => request.socket.destroy()
    return answer.call(this, request, response)
  } satisfies typeof answer)
  context.mock.method(app.gate, "redeemFrameTicket", () => {
    leave()
    return FRAME
  })
  await assert.rejects(askOutside("/ticket", FRAME_HEADERS))
  await answers.mock.calls[0]?.result
  assert.equal(answers.mock.callCount(), 1)
  assert.equal(end.mock.callCount(), 0)
})

test("a ticket stands in no log, even when its document cannot be made", async (context) => {
  context.mock.method(app.gate, "redeemFrameTicket", () => {
    throw new Error("too many open files")
  })
  assert.equal((await askOutside("/the-ticket?and=more", FRAME_HEADERS)).status, 500)
  assert.deepEqual(app.logged, ["GET of an isolation document: too many open files"])
})
