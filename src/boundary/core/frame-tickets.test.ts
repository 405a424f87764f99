import assert from "node:assert/strict"
import { test } from "node:test"
import { payloadMemory } from "../../core/payload-memory.ts"
import { resolveLimits } from "../wire/limits.ts"
import { FrameTickets } from "./frame-tickets.ts"
import { SealedSession } from "./sealed-session.ts"

const LIMITS = resolveLimits()
const ORIGIN = "http://7.localhost:1"
const GRANT = { session: new Uint8Array(16), key: new Uint8Array(32), label: "main", limits: LIMITS }

function start(): { readonly tickets: FrameTickets; ticket: string; readonly session: SealedSession; served: number } {
  const tickets = new FrameTickets(LIMITS.frameTimeoutMs)
  const memory = payloadMemory(LIMITS, () => true)
  const session = new SealedSession(null, LIMITS, memory)
  const state = { tickets, session, served: 0, ticket: "" }
  const served = (): void => void state.served++
  state.ticket = tickets.issue({ session, origin: ORIGIN, grant: GRANT, served })
  return state
}

test("a frame ticket gives its grant once, and says so", () => {
  const state = start()
  assert.equal(state.tickets.redeem(state.ticket, ORIGIN), GRANT)
  assert.equal(state.tickets.redeem(state.ticket, ORIGIN), null)
  assert.equal(state.served, 1)
})

test("a frame ticket gives nothing at another origin, and nothing after it was redeemed there", () => {
  const state = start()
  assert.equal(state.tickets.redeem(state.ticket, "http://8.localhost:1"), null)
  assert.equal(state.tickets.redeem(state.ticket, ORIGIN), null)
  assert.equal(state.served, 0)
})

test("a frame ticket gives nothing when its session is over", () => {
  const state = start()
  state.session.end()
  assert.equal(state.tickets.redeem(state.ticket, ORIGIN), null)
})

test("a frame ticket gives nothing when it was revoked", () => {
  const state = start()
  state.tickets.revoke(state.ticket)
  assert.equal(state.tickets.redeem(state.ticket, ORIGIN), null)
})
