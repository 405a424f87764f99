import { join } from "node:path"
import type * as fc from "fast-check"
import { askRaw, startTestServer, type TestServer } from "../src/server/server.fixture.ts"
import { type Property, property } from "./property.ts"
import { root, scope } from "./tree.ts"

/** A promise about a real server, whose frontend is the tree's folder `open`, and whose assets are what the scope holds of it. */
export function served<Value>(
  promise: string,
  arbitrary: fc.Arbitrary<Value>,
  holds: (app: TestServer, value: Value) => Promise<void>,
): Property {
  return {
    name: promise,
    async tryBatch(seed) {
      const app = await startTestServer({ config: { frontendDist: join(root, "open") }, options: { assets: scope } })
      try {
        return await property(promise, arbitrary, (value) => holds(app, value)).tryBatch(seed)
      } finally {
        await app.close()
      }
    },
  }
}

export interface Response {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** Exactly this target and these headers, and `Connection: close`: a client would tidy up. `null`: no answer. */
export async function askFor(
  app: TestServer,
  method: string,
  target: string,
  headers: readonly (readonly [name: string, value: string])[],
): Promise<Response | null> {
  const lines = [...headers, ["connection", "close"]].map(([name, value]) => `${name}: ${value}\r\n`)
  const answer = await askRaw(app.port, `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`)
  const [head = "", body = ""] = answer.split(/\r\n\r\n(.*)/s)
  const [first = "", ...rest] = head.split("\r\n")
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]
  if (status === undefined) return null
  const pairs = rest.map((line) => line.split(/: (.*)/s) as [string, string])
  const named = new Map(pairs.map(([name, value]) => [name.toLowerCase(), value]))
  // The end of no chunks (RFC 9112, 7.1), which Node.js puts behind answers of its own.
  const isEmpty = named.get("transfer-encoding") === "chunked" && body === "0\r\n\r\n"
  return { status: Number(status), headers: named, body: isEmpty ? "" : body }
}
