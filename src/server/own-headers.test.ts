import assert from "node:assert/strict"
import { once } from "node:events"
import { createServer, type IncomingHttpHeaders, request } from "node:http"
import type { AddressInfo } from "node:net"
import { after, before, describe, test } from "node:test"
import { readOwnHeaders } from "./own-headers.ts"

const server = createServer()
before(async () => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
})
after(() => server.close())

/** What a server reads of a request's headers: as Node does, and then as we do. */
async function exchange(
  ...headers: readonly string[]
): Promise<readonly [IncomingHttpHeaders, IncomingHttpHeaders, unknown]> {
  const { port } = server.address() as AddressInfo
  const asked = once(server, "request")
  const outgoing = request({ port, host: "127.0.0.1", headers: ["Host", "localhost:1", ...headers] }).end()
  const [incoming, response] = await asked
  const nodes = { ...incoming.headers }
  readOwnHeaders(incoming)
  const { headers: own, headersDistinct } = incoming
  response.end()
  await once(outgoing, "response")
  outgoing.destroy()
  return [nodes, own, headersDistinct]
}

describe("headers of a request", () => {
  test("are those that Node reads, also where they are repeated", async () => {
    const [nodes, own, distinct] = await exchange(
      ...[
        "Cookie",
        "a=1",
        "cookie",
        "b=2",
        "X-A",
        "1",
        "x-a",
        "2",
        "Referer",
        "r",
        "referer",
        "s",
        "Origin",
        "o",
        "Origin",
        "p",
      ],
    )
    assert.deepEqual({ ...own }, nodes)
    assert.deepEqual((distinct as Record<string, unknown>)["x-a"], ["1", "2"])
  })

  test("are not those of Object.prototype, where the request lacks them", async () => {
    const [, own, distinct] = await exchange()
    assert.equal(Object.getPrototypeOf(own), null)
    assert.equal(Object.getPrototypeOf(distinct), null)
    assert.equal(own["sec-fetch-dest"], undefined)
  })

  test("stay what was sent, where Object.prototype has others", () => {
    const polluted = Object.prototype as { origin?: string; host?: string[] }
    const message = { rawHeaders: ["Origin", "http://evil.test", "Host", "localhost:1"] } as never as Parameters<
      typeof readOwnHeaders
    >[0]
    polluted.origin = "http://localhost:1"
    polluted.host = ["evil.test"]
    try {
      readOwnHeaders(message)
    } finally {
      delete polluted.origin
      delete polluted.host
    }
    assert.equal(message.headers.origin, "http://evil.test")
    assert.deepEqual(message.headersDistinct.host, ["localhost:1"])
  })
})
