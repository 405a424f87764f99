import assert from "node:assert/strict"
import type { LookupAddress } from "node:dns"
import type { LookupFunction } from "node:net"
import { test } from "node:test"
import { withLoopback } from "./lookup-localhost.ts"

/** A system that knows one address of each name, or none. */
const system =
  (found: readonly LookupAddress[] | null): LookupFunction =>
  (_name, _options, answer) =>
    found === null ? answer(new Error("ENOTFOUND"), []) : answer(null, [...found])

const V4 = { address: "127.0.0.1", family: 4 }
const V6 = { address: "::1", family: 6 }
const OTHER = { address: "192.0.2.1", family: 4 }

for (const [name, knows, family, expected] of [
  ["localhost", [V4], 0, [V4, V6]],
  ["localhost", [V6], 0, [V6, V4]],
  ["localhost", [V6, V4], 0, [V6, V4]],
  ["app.LocalHost.", [V4], 0, [V4, V6]],
  ["localhost", null, 0, [V4, V6]],
  ["localhost", [OTHER], 0, [OTHER, V4, V6]],
  ["localhost", [V4], 4, [V4]],
  ["localhost", null, 6, [V6]],
  ["localhost.example.org", [OTHER], 0, [OTHER]],
] as const)
  test(`${name} is ${JSON.stringify(expected)} where the system knows ${JSON.stringify(knows)}, of family ${family}`, async () => {
    const found = await new Promise((resolve) =>
      withLoopback(system(knows))(name, { all: true, family }, (_error, addresses) => resolve(addresses)),
    )
    assert.deepEqual(found, expected)
  })

test("a name that the system does not know is an error still, and who wants one address gets the system's", async () => {
  const failed = await new Promise((resolve) =>
    withLoopback(system(null))("example.org", { all: true }, (error) => resolve(error?.message)),
  )
  assert.equal(failed, "ENOTFOUND")
  const one = await new Promise((resolve) =>
    withLoopback((_name, _options, answer) => answer(null, "127.0.0.1", 4))("localhost", {}, (_error, address) =>
      resolve(address),
    ),
  )
  assert.equal(one, "127.0.0.1")
})
