import assert from "node:assert/strict"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, test } from "node:test"
import { listenOnLoopback } from "./listen.ts"

const servers: Server[] = []
const make = (): Server => {
  const server = createServer()
  servers.push(server)
  return server
}
const occupy = (host: string): Promise<number> =>
  new Promise((resolve) => {
    const server = make()
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port))
  })
const free = async (): Promise<number> => {
  const port = await occupy("127.0.0.1")
  await new Promise((resolve) => servers.pop()?.close(resolve))
  return port
}

afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))))

test("listens on one port of both addresses, and on no other address", async () => {
  const [v4, v6] = [make(), make()]
  const port = await listenOnLoopback(v4, v6, [])
  const at = (server: Server): Pick<AddressInfo, "address" | "port"> => {
    const { address, port } = server.address() as AddressInfo
    return { address, port }
  }
  assert.deepEqual(at(v4), { address: "127.0.0.1", port })
  assert.deepEqual(at(v6), { address: "::1", port })
})

test("takes the port that is wanted", async () => {
  const wanted = await free()
  assert.equal(await listenOnLoopback(make(), make(), [wanted]), wanted)
})

test("takes the first of the wanted ports that is free", async () => {
  const [first, second, third] = [await occupy("127.0.0.1"), await free(), await free()]
  assert.equal(await listenOnLoopback(make(), make(), [first, second, third]), second)
  assert.equal(await listenOnLoopback(make(), make(), [first, second, third]), third)
})

for (const host of ["127.0.0.1", "::1"]) {
  test(`takes another port when somebody listens on ${host}`, async () => {
    const wanted = await occupy(host)
    const [v4, v6] = [make(), make()]
    const port = await listenOnLoopback(v4, v6, [wanted])
    assert.notEqual(port, wanted)
    assert.equal((v4.address() as AddressInfo).port, port)
    assert.equal((v6.address() as AddressInfo).port, port)
  })
}

/** A server whose `listen` fails as on another machine. */
const failing = (code: string): Server => {
  const server = make()
  server.listen = () => {
    process.nextTick(() => server.emit("error", Object.assign(new Error(code), { code })))
    return server
  }
  return server
}

for (const code of ["EAFNOSUPPORT", "EADDRNOTAVAIL"]) {
  test(`goes on with IPv4 alone where IPv6 says ${code}`, async () => {
    const v4 = make()
    const port = await listenOnLoopback(v4, failing(code), [])
    assert.equal((v4.address() as AddressInfo).port, port)
  })
}

test("does not go on for any other reason, and lets the port go", async () => {
  const v4 = make()
  await assert.rejects(listenOnLoopback(v4, failing("EMFILE"), []), {
    code: "EMFILE",
    message: /Raise the limit of open files \(ulimit -n\)/,
  })
  assert.equal(v4.listening, false)
})

test("gives up when no port is ever free on ::1", async () => {
  await assert.rejects(listenOnLoopback(make(), failing("EADDRINUSE"), []), /no port is free on both/)
})
