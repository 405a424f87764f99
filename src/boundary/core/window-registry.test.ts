import assert from "node:assert/strict"
import { test } from "node:test"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { LAUNCH_TICKET_MS, type WindowGrant, type WindowObserver, WindowRegistry } from "./window-registry.ts"

const VIEW = { url: "index.html", title: "Notes" }
const observer = (): WindowObserver & { count: number } => ({
  count: 0,
  redeemed() {
    this.count++
  },
  sessions: () => {},
})

const launch = (windows: WindowRegistry, label: string, observer: WindowObserver): string =>
  windows.launch({ number: 7, label, observer }, VIEW)

test("a launch ticket is traded for a credential that stands for its window", () => {
  const windows = new WindowRegistry()
  const seen = observer()
  const grant = windows.redeem(launch(windows, "main", seen)) as WindowGrant
  const { credential, ...rest } = grant
  assert.deepEqual(rest, { label: "main", ...VIEW })
  assert.match(credential, /^[\w-]{43}$/)
  assert.equal(windows.identify(credential)?.label, "main")
  assert.equal(windows.identify(credential)?.number, 7)
  assert.equal(windows.identify(credential)?.observer, seen)
  assert.equal(seen.count, 1)
})

test("a ticket that comes a second time takes the first one's credential, and gives none", () => {
  const windows = new WindowRegistry()
  const ticket = launch(windows, "main", observer())
  const { credential } = windows.redeem(ticket) as WindowGrant
  const identity = windows.identify(credential)
  assert.deepEqual(windows.redeem(ticket), { reused: identity })
  assert.equal(windows.identify(credential), null)
  assert.equal(windows.redeem(ticket), null)
})

test("a ticket is good for 60 seconds", () => {
  let now = 0
  const windows = new WindowRegistry(() => now)
  assert.equal(LAUNCH_TICKET_MS, 60_000)
  const [first, second] = [launch(windows, "a", observer()), launch(windows, "b", observer())]
  now = 59_999
  assert.notEqual(windows.redeem(first), null)
  now = 60_000
  assert.equal(windows.redeem(second), null)
})

test("windows of one label have credentials of their own", () => {
  const windows = new WindowRegistry()
  const grants = [1, 2].map(() => windows.redeem(launch(windows, "main", observer())) as WindowGrant)
  assert.notEqual(grants[0]?.credential, grants[1]?.credential)
  assert.notEqual(windows.identify(grants[0]?.credential ?? ""), windows.identify(grants[1]?.credential ?? ""))
})

for (const guess of ["", "main", "__proto__", "a".repeat(43)]) {
  test(`nobody is known by "${guess.slice(0, 10)}"`, () => {
    const windows = new WindowRegistry()
    windows.redeem(launch(windows, "main", observer()))
    assert.equal(windows.identify(guess), null)
    assert.equal(windows.redeem(guess), null)
  })
}

test("a window that is closed has neither ticket nor credential any more; others of its label go on", () => {
  const windows = new WindowRegistry()
  const [closed, other] = [observer(), observer()]
  const { credential } = windows.redeem(launch(windows, "main", closed)) as WindowGrant
  const ticket = launch(windows, "main", closed)
  const grant = windows.redeem(launch(windows, "main", other)) as WindowGrant
  windows.close(closed)
  assert.equal(windows.identify(credential), null)
  assert.equal(windows.redeem(ticket), null)
  assert.equal(windows.identify(grant.credential)?.observer, other)
})

test("windows that come and go leave nothing", async () => {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as () => void
  const windows = new WindowRegistry()
  const comeAndGo = async (count: number): Promise<number> => {
    for (let index = 0; index < count; index++) {
      const seen = observer()
      const ticket = launch(windows, "main", seen)
      windows.redeem(ticket)
      if (index % 2 === 0) windows.redeem(ticket)
      windows.close(seen)
    }
    // What is weak is let go in a turn of its own.
    for (let round = 0; round < 3; round++) {
      collect()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return process.memoryUsage().heapUsed
  }
  await comeAndGo(5000)
  const before = await comeAndGo(5000)
  const after = await comeAndGo(10_000)
  // What is kept of a window would be about 200 bytes.
  assert.ok(after - before < 1_000_000, `${before} bytes grew to ${after}`)
})
