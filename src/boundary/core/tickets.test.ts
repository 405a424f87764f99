import assert from "node:assert/strict"
import { test } from "node:test"
import { randomToken, Tickets, tokenHash } from "./tickets.ts"

const tickets = (lifetimeMs: number): { tickets: Tickets<string>; pass: (ms: number) => void } => {
  let now = 0
  return {
    tickets: new Tickets<string>(lifetimeMs, () => now),
    pass: (ms) => {
      now += ms
    },
  }
}

test("a ticket has 256 random bits, as 43 characters of base64url", () => {
  const { tickets: all } = tickets(1)
  const issued = Array.from({ length: 1000 }, () => all.issue("x"))
  for (const ticket of [...issued, randomToken()]) assert.match(ticket, /^[\w-]{43}$/)
  assert.equal(new Set(issued).size, 1000)
})

test("a ticket gives its own value, once", () => {
  const { tickets: all } = tickets(100)
  const [first, second] = [all.issue("first"), all.issue("second")]
  assert.equal(all.redeem(second), "second")
  assert.equal(all.redeem(second), null)
  assert.equal(all.redeem(first), "first")
})

test("a ticket is good until its time, and not a moment longer", () => {
  const { tickets: all, pass } = tickets(100)
  const [first, second] = [all.issue("first"), all.issue("second")]
  pass(99)
  assert.equal(all.redeem(first), "first")
  pass(1)
  assert.equal(all.redeem(second), null)
})

test("a ticket that was revoked is worth nothing", () => {
  const { tickets: all } = tickets(100)
  const ticket = all.issue("x")
  all.revoke(ticket)
  assert.equal(all.redeem(ticket), null)
})

for (const guess of ["", "x", "__proto__", "constructor", "a".repeat(43), "a".repeat(1_000_000)]) {
  test(`a guess of ${guess.length} characters gives nothing`, () => {
    const { tickets: all } = tickets(100)
    const ticket = all.issue("x")
    assert.equal(all.redeem(guess), null)
    assert.equal(all.redeem(ticket.slice(0, -1)), null)
    assert.equal(all.redeem(`${ticket}=`), null)
    assert.equal(all.redeem(ticket), "x")
  })
}

test("a token is known by its SHA-256 alone", () => {
  assert.equal(tokenHash("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
})
