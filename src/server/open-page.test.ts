import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { runInNewContext } from "node:vm"
import { LAUNCH_PATH } from "../protocol/endpoints.ts"
import { cspHash } from "./respond.ts"
import { type Answer, ask, GRANT, startTestServer, type TestServer } from "./server.fixture.ts"

let app: TestServer
before(async () => {
  app = await startTestServer()
})
after(() => app.close())

const redeem = (ticket: string, headers: Record<string, string> = { origin: app.server.origin }): Promise<Answer> =>
  ask(app.port, LAUNCH_PATH, { method: "POST", headers, body: ticket })

test("the link holds the ticket where no request carries it", () => {
  assert.equal(app.server.launchUrl("T"), `${app.server.origin}${LAUNCH_PATH}#T`)
})

test("a ticket is traded for the window and the gate cookie, once", async () => {
  app.gate.launches.set("ticket", GRANT)
  const { status, headers, body } = await redeem("ticket")
  assert.equal(status, 200)
  assert.deepEqual(JSON.parse(body), GRANT)
  assert.match(headers["set-cookie"]?.[0] ?? "", /^sallyport-\d+=.*HttpOnly; SameSite=Strict$/)
  assert.equal(headers["cache-control"], "no-store")
  const again = await redeem("ticket")
  assert.deepEqual([again.status, again.body, again.headers["set-cookie"]], [403, "", undefined])
})

for (const [name, headers] of [
  ["another site", { origin: "https://example.org" }],
  ["another local port", { origin: "http://localhost:1" }],
  ["the isolation origin", { origin: "http://127.0.0.1" }],
  ["an opaque origin", { origin: "null" }],
  ["nobody", {}],
] as [string, Record<string, string>][]) {
  test(`a ticket is not taken from ${name}, and stays good`, async () => {
    app.gate.launches.set(name, GRANT)
    const refused = await redeem(name, headers)
    assert.deepEqual([refused.status, refused.body, refused.headers["set-cookie"]], [403, "", undefined])
    assert.equal((await redeem(name)).status, 200)
  })
}

test("a guess is refused and reported", async () => {
  const before = app.gate.refusals.length
  assert.equal((await redeem("guess")).status, 403)
  assert.deepEqual(app.gate.refusals.slice(before), ["launch ticket unknown, used or expired"])
})

test("what is too long for a ticket is refused with an answer", async () => {
  app.gate.launches.set("x".repeat(65), GRANT)
  assert.equal((await redeem("x".repeat(65))).status, 403)
  assert.equal((await redeem("x".repeat(100_000))).status, 403)
  app.gate.launches.set("x".repeat(64), GRANT)
  assert.equal((await redeem("x".repeat(64))).status, 200)
})

test("the page needs no cookie, says nothing of the app, and lets its own script run only", async () => {
  const { status, headers, body } = await ask(app.port, LAUNCH_PATH)
  assert.equal(status, 200)
  const script = /<script>(.*)<\/script>/s.exec(body)?.[1] ?? ""
  const policy = headers["content-security-policy"] ?? ""
  assert.ok(policy.includes(`default-src 'none'; script-src ${cspHash(script)};`))
  assert.ok(policy.includes("frame-ancestors 'none'"))
  assert.equal(headers["referrer-policy"], "no-referrer")
  assert.equal(headers["set-cookie"], undefined)
})

/** Runs the page's script as a window would. */
async function runPage(ok: boolean): Promise<{ events: string[]; text: string }> {
  const script = /<script>(.*)<\/script>/s.exec((await ask(app.port, LAUNCH_PATH)).body)?.[1] ?? ""
  const events: string[] = []
  const body = { textContent: "" }
  await runInNewContext(script, {
    URL,
    document: { body },
    history: { replaceState: (_state: null, _title: string, url: string) => events.push(`history ${url}`) },
    sessionStorage: { setItem: (name: string, value: string) => events.push(`store ${name} ${value}`) },
    fetch: async (path: string, { method, body }: { method: string; body: string }) => {
      events.push(`${method} ${path} ${body}`)
      return { ok, json: async () => GRANT }
    },
    location: {
      hash: "#ticket",
      pathname: LAUNCH_PATH,
      origin: "http://localhost:1",
      replace: (url: URL) => events.push(`go ${url}`),
    },
  })
  await new Promise((resolve) => setTimeout(resolve, 10))
  return { events, text: body.textContent }
}

test("the page takes the ticket out of the history, trades it, keeps who it is, and goes to the window's page", async () => {
  assert.deepEqual((await runPage(true)).events, [
    `history ${LAUNCH_PATH}`,
    `POST ${LAUNCH_PATH} ticket`,
    `store sallyport ${JSON.stringify({ credential: GRANT.credential, label: GRANT.label, title: GRANT.title })}`,
    "go http://localhost:1/index.html",
  ])
})

test("the page says what to do about a ticket that is refused, and goes nowhere", async () => {
  const { events, text } = await runPage(false)
  assert.equal(events.length, 2)
  assert.match(text, /has been used or has expired.*open the window from the app again/)
})
