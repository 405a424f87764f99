import assert from "node:assert/strict"
import crypto from "node:crypto"
import { syncBuiltinESMExports } from "node:module"
import { test } from "node:test"
import { GateCookie } from "./gate-cookie.ts"

const cookie = new GateCookie(4000)
const [pair = ""] = cookie.header.split(";")

test("is for this server's every path, for no script, and for no other site", () => {
  assert.match(cookie.header, /^sallyport-4000=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
})

test("has another value in every launch", () => {
  assert.notEqual(new GateCookie(4000).header, cookie.header)
})

for (const [name, header, expected] of [
  ["alone", pair, true],
  ["among others", `a=1; ${pair}; b=2`, true],
  ["behind one of its name that a neighbor set", `sallyport-4000=x; ${pair}`, true],
  ["before one of its name", `${pair}; sallyport-4000=x`, true],
  ["not there", "a=1", false],
  ["no header", undefined, false],
  ["empty", "sallyport-4000=", false],
  ["cut", pair.slice(0, -1), false],
  ["longer", `${pair}x`, false],
  ["under another port's name", pair.replace("4000", "4001"), false],
  ["as the value of another", `a=${pair}`, false],
] as const) {
  test(`${expected ? "counts" : "does not count"}: ${name}`, () => {
    assert.equal(cookie.isIn(header), expected)
  })
}

test("is taken out with all of its name, and others stay as they are", () => {
  assert.equal(cookie.without(`a=1=2; ${pair}; sallyport-4000=x; b=3`), "a=1=2; b=3")
  assert.equal(cookie.without(pair), undefined)
  assert.equal(cookie.without(undefined), undefined)
})

test("is compared in constant time, wherever a guess is wrong", () => {
  const compared: number[] = []
  const { timingSafeEqual } = crypto
  crypto.timingSafeEqual = (a, b) => {
    compared.push(a.byteLength)
    return timingSafeEqual(a, b)
  }
  syncBuiltinESMExports()
  try {
    const at = pair.indexOf("=") + 1
    for (const index of [at, at + 20, pair.length - 1])
      assert.equal(cookie.isIn(`${pair.slice(0, index)}!${pair.slice(index + 1)}`), false)
  } finally {
    crypto.timingSafeEqual = timingSafeEqual
    syncBuiltinESMExports()
  }
  assert.deepEqual(compared, [43, 43, 43])
})
