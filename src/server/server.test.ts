/** What the threat model promises of the server, over real sockets. Each attack stands beside the same steps without it. */
import assert from "node:assert/strict"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createServer, type Server as HttpServer } from "node:http"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { IPC_PATH, LAUNCH_PATH } from "../protocol/endpoints.ts"
import {
  type Answer,
  ask,
  askRaw,
  BRIDGE,
  eventually,
  GRANT,
  header,
  startTestServer,
  type TestServer,
  WINDOW,
} from "./server.fixture.ts"

let app: TestServer
before(async () => {
  app = await startTestServer({ files: { "app.js": "1", "page.html": "<title>Page</title>" } })
})
after(() => app.close())

describe("N1, N5: pages of others", () => {
  for (const origin of ["https://example.org", "http://localhost:1", "http://127.0.0.1:1", "null"]) {
    test(`a page of ${origin} gets nothing, though the cookie comes along`, async () => {
      const before = app.gate.refusals.length
      const refused = await app.ask("/app.js", { headers: { origin } })
      assert.deepEqual([refused.status, refused.body], [403, ""])
      assert.deepEqual(app.gate.refusals.slice(before), ["request from another origin"])
      assert.equal((await app.ask("/app.js", { headers: { origin: app.server.origin } })).status, 200)
    })
  }

  test("a page of the app that hides its origin is still its own", async () => {
    const headers = { origin: "null", "sec-fetch-site": "same-origin" }
    assert.equal((await app.ask("/app.js", { headers })).status, 200)
  })

  test("no other site can embed or frame what the app origin serves, errors included", async () => {
    for (const path of ["/app.js", "/page.html", "/missing", LAUNCH_PATH]) {
      const answer = await app.ask(path)
      assert.equal(header(answer, "cross-origin-resource-policy"), "same-origin", path)
      assert.equal(header(answer, "x-content-type-options"), "nosniff", path)
      assert.equal(answer.headers["access-control-allow-origin"], undefined, path)
      if (answer.status === 200)
        assert.match(header(answer, "content-security-policy"), /frame-ancestors '(self|none)'/)
    }
  })
})

describe("N2: DNS rebinding", () => {
  for (const host of [
    "example.org",
    "localhost",
    "localhost:1",
    "LOCALHOST:PORT",
    "localhost.:PORT",
    "localhost:PORT.",
    "localhost:0PORT",
    "app.localhost:PORT",
    `${WINDOW}.localhost`,
    `${WINDOW}.localhost:1`,
    `${WINDOW}.localhost:0PORT`,
    `${WINDOW}.localhost.:PORT`,
    `${WINDOW}.LOCALHOST:PORT`,
    `0${WINDOW}.localhost:PORT`,
    `+${WINDOW}.localhost:PORT`,
    `${WINDOW}.0.localhost:PORT`,
    `${WINDOW}e0.localhost:PORT`,
    `x.${WINDOW}.localhost:PORT`,
    `${WINDOW}.localhost:PORT.localhost:PORT`,
    `${WINDOW + 1}.localhost:PORT`,
    "0.localhost:PORT",
    "user@localhost:PORT",
    "[::1]:PORT",
    "127.0.0.2:PORT",
    "127.1:PORT",
    "0.0.0.0:PORT",
  ]) {
    test(`a request for "${host}" gets 421 and nothing else`, async () => {
      const { status, body } = await app.ask("/app.js", {
        headers: { host: host.replace("PORT", String(app.port)) },
      })
      assert.deepEqual([status, body], [421, ""])
    })
  }

  test("the right host is served, on both addresses", async () => {
    for (const address of ["127.0.0.1", "::1"]) assert.equal((await app.ask("/app.js", { address })).status, 200)
  })

  for (const [name, head, status] of [
    ["a target with another host", "GET http://example.org/app.js HTTP/1.1\r\nHost: localhost:PORT", 421],
    ["a target with a host, under another Host", "GET http://localhost:PORT/app.js HTTP/1.1\r\nHost: example.org", 421],
    ["two hosts", "GET /app.js HTTP/1.1\r\nHost: localhost:PORT\r\nHost: example.org", 421],
    ["no host, as in HTTP/1.0", "GET /app.js HTTP/1.0", 421],
    ["an empty host", "GET /app.js HTTP/1.1\r\nHost:", 421],
    ["one host", "GET /app.js HTTP/1.1\r\nHost: localhost:PORT", 200],
  ] as const) {
    test(`${name}: ${status}`, async () => {
      const text = `${head}\r\nCookie: ${app.cookie}\r\nConnection: close\r\n\r\n`
      const answer = await askRaw(app.port, text.replaceAll("PORT", String(app.port)))
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
    })
  }
})

describe("N3: another process without a ticket", () => {
  const withoutDate = ({ status, headers: { date, ...headers }, body }: Answer): unknown => ({ status, headers, body })

  test("learns from no path whether it exists", async () => {
    const [first, ...others] = await Promise.all(
      ["/", "/app.js", "/missing", "/page", "/../x", IPC_PATH, "/__sallyport__/x"].map((path) => ask(app.port, path)),
    )
    assert.ok(first)
    assert.deepEqual([first.status, first.body], [403, ""])
    for (const other of others) assert.deepEqual(withoutDate(other), withoutDate(first))
    assert.equal((await app.ask("/app.js")).status, 200)
  })

  test("does not get in with another launch's cookie", async () => {
    const other = await startTestServer()
    const value = other.cookie.split("=")[1]
    assert.equal(
      (await ask(app.port, "/app.js", { headers: { cookie: `sallyport-${app.port}=${value}` } })).status,
      403,
    )
    await other.close()
  })

  test("Sallyport's own paths are never the frontend's", async () => {
    assert.equal((await app.navigate("/__sallyport__/x")).status, 404)
    assert.equal((await app.navigate(IPC_PATH)).status, 404)
    assert.equal((await app.navigate("/x")).status, 200)
  })
})

test("N4: a launch ticket that was used is refused", async () => {
  app.gate.launches.set("once", GRANT)
  const redeem = (): Promise<Answer> =>
    ask(app.port, LAUNCH_PATH, { method: "POST", headers: { origin: app.server.origin }, body: "once" })
  assert.equal((await redeem()).status, 200)
  assert.equal((await redeem()).status, 403)
})

describe("N6: what costs memory and places", { concurrency: true }, () => {
  // When they are, the attack N6 measures.
  test("headers that trickle in are cut off, while others are served", async () => {
    const socket = connect(app.port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\n"))
    const timer = setInterval(() => socket.write("X: y\r\n"), 200)
    socket.on("error", () => {})
    socket.resume()
    const closed = new Promise((resolve) => socket.once("close", resolve))
    assert.equal((await app.ask("/app.js")).status, 200)
    await closed
    clearInterval(timer)
  })

  test("a connection that has sent nothing ends without a word in log and audit; one whose request stalls is audited", async (context) => {
    const other = await startTestServer({ files: { "app.js": "1" } })
    context.after(() => other.close())
    const closed = (bytes: string): Promise<unknown> => {
      const socket = connect(other.port, "127.0.0.1", () => socket.write(bytes))
      socket.resume()
      return new Promise((resolve) => socket.once("close", resolve))
    }
    const head = `GET /app.js HTTP/1.1\r\nHost: localhost:${other.port}\r\nCookie: ${other.cookie}\r\n`
    await Promise.all([closed(""), closed(`${head}\r\n`)])
    assert.deepEqual([other.gate.refusals, other.logged], [[], []])
    await closed(head)
    assert.deepEqual(other.gate.refusals, ["broken request"])
  })

  test("a peer that resets its connection, before, behind or in the middle of an answer, has broken no request", async (context) => {
    const other = await startTestServer({ files: { "large.bin": "x".repeat(20_000_000) } })
    context.after(() => other.close())
    const head = `Host: localhost:${other.port}\r\nCookie: ${other.cookie}\r\n\r\n`
    for (const bytes of ["", `GET /missing HTTP/1.1\r\n${head}`, `GET /large.bin HTTP/1.1\r\n${head}`]) {
      const socket = connect(other.port, "127.0.0.1", () => socket.write(bytes))
      if (bytes === "") await new Promise((resolve) => socket.once("connect", resolve))
      else await new Promise((resolve) => socket.once("data", resolve))
      socket.resetAndDestroy()
    }
    const socket = connect(other.port, "127.0.0.1", () => socket.end("GET / HTTP/1.1\r\n"))
    await eventually("a request that was broken off", () => other.gate.refusals.length > 0)
    assert.deepEqual(other.gate.refusals, ["broken request"])
  })

  test("headers may have 16 KiB in all", async () => {
    const head = `GET /app.js HTTP/1.1\r\nHost: localhost:${app.port}\r\nCookie: ${app.cookie}\r\nConnection: close\r\n`
    assert.match(await askRaw(app.port, `${head}X: ${"y".repeat(14_000)}\r\n\r\n`), /^HTTP\/1\.1 200 /)
    assert.match(await askRaw(app.port, `${head}X: ${"y".repeat(17_000)}\r\n\r\n`), /^HTTP\/1\.1 431 .*\r\n\r\n$/s)
  })

  test("cookies that fill the headers are answered in a word, with all of them still on their way, and logged once", async (context) => {
    const other = await startTestServer({ files: { "app.js": "1" } })
    context.after(() => other.close())
    const cookies = Array.from({ length: 180 }, (_, index) => `c${index}=${"x".repeat(4000)}`).join("; ")
    for (const host of [`localhost:${other.port}`, "example.org"]) {
      const answer = await askRaw(other.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookies}\r\n\r\n`)
      assert.equal(
        answer,
        "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
      )
    }
    assert.deepEqual(other.gate.refusals, ["headers of more than 16 KiB", "headers of more than 16 KiB"])
    assert.equal(other.logged.length, 1)
    assert.match(other.logged[0] ?? "", /more than 16 KiB.*[Cc]lear the cookies of localhost/)
    assert.equal((await other.ask("/app.js")).status, 200)
  })

  test("headers that are too large, behind a request that is being answered, end the connection and get no word into that answer", async (context) => {
    const other = await startTestServer({ files: { "large.bin": "x".repeat(20_000_000) } })
    context.after(() => other.close())
    const head = `GET /large.bin HTTP/1.1\r\nHost: localhost:${other.port}\r\nCookie: ${other.cookie}\r\n`
    const answer = await askRaw(other.port, `${head}\r\n${head}X: ${"y".repeat(17_000)}\r\n\r\n`)
    assert.doesNotMatch(answer, /431/)
    assert.equal((await other.ask("/missing")).status, 404)
  })

  test("a connection whose headers were too large goes, though its peer keeps its side open and sends on", async () => {
    const socket = connect({ port: app.port, host: "127.0.0.1", allowHalfOpen: true })
    socket.on("error", () => {})
    socket.resume()
    socket.write(`GET / HTTP/1.1\r\nX: ${"y".repeat(17_000)}`)
    const timer = setInterval(() => socket.write("y"), 50)
    await new Promise((resolve) => socket.once("close", resolve))
    clearInterval(timer)
  })

  for (const bytes of [
    "\x16\x03\x01",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "\0".repeat(1000),
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ]) {
    test(`${JSON.stringify(bytes.slice(0, 20))} is no request, gets no answer and does no harm`, async () => {
      assert.equal(await askRaw(app.port, bytes), "")
      assert.equal((await app.ask("/app.js")).status, 200)
    })
  }

  test("strangers who hold connections open take places from each other, not from the app", async (context) => {
    const other = await startTestServer({ files: { "app.js": "1" } })
    context.after(() => other.close())
    const sockets: Socket[] = []
    // Not all at once: what the system's queue cannot take would come seconds later.
    while (sockets.length < 1500)
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => idle(other.port)))))
    assert.equal((await other.ask("/app.js")).status, 200)
    const alive = (): number => sockets.filter((socket) => !socket.destroyed).length
    await eventually("places to be taken", () => alive() <= 1024)
    assert.ok(alive() > 1000, `${alive()} are left`)
  })
})

/** A connection on which nobody says a word. */
function idle(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket))
    socket.on("error", () => {})
    socket.resume()
  })
}

describe("N7: ports that others have", () => {
  const occupy = (port: number, host: string): Promise<HttpServer> =>
    new Promise((resolve) => {
      const server = createServer((_request, response) => response.end("stranger"))
      server.listen(port, host, () => resolve(server))
    })

  for (const host of ["127.0.0.1", "::1"]) {
    test(`another port is taken when another program listens on ${host}, said, and the same one the next time`, async () => {
      const stateFolder = await mkdtemp(join(tmpdir(), "sallyport-state-"))
      const first = await startTestServer({ options: { stateFolder } })
      await first.close()
      const stranger = await occupy(first.port, host)
      const second = await startTestServer({ options: { stateFolder } })
      assert.notEqual(second.port, first.port)
      const line = new RegExp(`^Port ${first.port}, .* is taken, .* it has port ${second.port} now, .*localStorage`)
      assert.deepEqual(second.logged.filter((said) => line.test(said)).length, 1)
      await second.close()
      const again = await startTestServer({ options: { stateFolder } })
      assert.equal(again.port, second.port)
      assert.match(again.logged.join(), line)
      await again.close()
      await new Promise((resolve) => stranger.close(resolve))
      assert.equal(
        await readFile(join(stateFolder, "org.sallyport.test", "port"), "utf8"),
        `${first.port}\n${second.port}`,
      )
      const third = await startTestServer({ options: { stateFolder } })
      assert.equal(third.port, first.port)
      assert.deepEqual([...first.logged, ...third.logged], [])
      await third.close()
      await rm(stateFolder, { recursive: true })
    })
  }

  test("copies of an app that run at the same time have the same ports each time, in the order of their starts", async () => {
    const stateFolder = await mkdtemp(join(tmpdir(), "sallyport-state-"))
    const start = async (): Promise<number[]> => {
      const copies: Awaited<ReturnType<typeof startTestServer>>[] = []
      for (let copy = 0; copy < 3; copy++) copies.push(await startTestServer({ options: { stateFolder } }))
      for (const copy of copies) await copy.close()
      return copies.map(({ port }) => port)
    }
    assert.deepEqual(await start(), await start())
    await rm(stateFolder, { recursive: true })
  })

  test("a server in the place of another one has its port, and says no more than that one did", async () => {
    const stateFolder = await mkdtemp(join(tmpdir(), "sallyport-state-"))
    const first = await startTestServer({ options: { stateFolder } })
    const second = await startTestServer({ options: { stateFolder } })
    const { identity } = second.server
    await second.close()
    const former = await startTestServer({ options: { stateFolder, former: identity } })
    assert.equal(former.port, second.port)
    assert.deepEqual(former.logged, [])
    await former.close()
    await first.close()
    await rm(stateFolder, { recursive: true })
  })

  test("a port that cannot be remembered is said", async () => {
    const stateFolder = await mkdtemp(join(tmpdir(), "sallyport-state-"))
    await writeFile(join(stateFolder, "org.sallyport.test"), "a file where the folder would be")
    const { port, logged, close } = await startTestServer({ options: { stateFolder } })
    await close()
    assert.match(logged.join(), new RegExp(`^Port ${port} cannot be remembered \\(.*\\): .*localStorage`))
    await rm(stateFolder, { recursive: true })
  })
})

describe("P23: service workers", () => {
  test("a script that is asked for as one is refused, on every path", async () => {
    for (const path of ["/app.js", LAUNCH_PATH, "/missing"]) {
      const { status, body } = await app.ask(path, { headers: { "service-worker": "script" } })
      assert.deepEqual([status, body], [403, ""])
    }
    assert.equal((await app.ask("/app.js")).status, 200)
  })
})

describe("P28: documents without the bridge", () => {
  test("what is fetched first can't be shown later: neither is stored, and the two differ by who asks", async () => {
    const [fetched, shown] = [await app.ask("/page.html"), await app.navigate("/page.html")]
    for (const answer of [fetched, shown]) {
      assert.equal(header(answer, "cache-control"), "no-store")
      assert.equal(header(answer, "vary"), "Sec-Fetch-Dest")
      assert.equal(answer.headers.etag, undefined)
      assert.equal(answer.headers["last-modified"], undefined)
      assert.equal(answer.headers["accept-ranges"], undefined)
    }
    assert.ok(!fetched.body.includes(BRIDGE))
    assert.ok(shown.body.includes(BRIDGE))
  })

  for (const [name, headers] of [
    ["a range", { range: "bytes=0-1" }],
    ["a condition", { "if-none-match": "*", "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" }],
    ["a wish for compression", { "accept-encoding": "gzip" }],
  ] as [string, Record<string, string>][]) {
    test(`a document is whole, and has the bridge, for a request with ${name}`, async () => {
      const { status, body } = await app.navigate("/page.html", { headers })
      assert.equal(status, 200)
      assert.ok(body.includes(BRIDGE) && body.includes("<title>Page</title>"))
    })
  }
})

describe("close", () => {
  test("ends what is idle, what is in the middle of something, and listens no more", async () => {
    const other = await startTestServer()
    const socket = await idle(other.port)
    const closed = new Promise((resolve) => socket.once("close", resolve))
    await other.close()
    await closed
    await assert.rejects(ask(other.port, "/"), { code: "ECONNREFUSED" })
  })
})
