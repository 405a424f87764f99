import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { turn } from "./core.fixture.ts"
import { Inbox } from "./inbox.ts"
import { TimeSlices } from "./time-slices.ts"

/** What was done, in order, by all sessions. */
let done: string[] = []
/** Time, in ms; each call takes `CALL_MS` of it. */
let time = 0
const CALL_MS = 0.2

const sessions: Session[] = []

beforeEach(async () => {
  // What the test before has left would be done in this one.
  await untilEmpty(...sessions.splice(0))
  done = []
  time = 0
})

interface Session {
  readonly inbox: Inbox<string>
  isPaused: boolean
  caughtUp: number
  /** Run with each call. */
  onRun: (call: string) => void
  /** How long it takes to read a message, in ms. */
  readMs: number
}

/** A session whose messages are the names of calls, divided by spaces; alone in its window unless told otherwise. */
function session(slices: TimeSlices = new TimeSlices(() => time)): Session {
  const it: Session = {
    inbox: new Inbox<string>(
      {
        read: (message) => {
          time += it.readMs
          return String(message).split(" ")
        },
        run: (call) => {
          done.push(call)
          time += CALL_MS
          it.onRun(call)
        },
        pause: () => {
          it.isPaused = true
        },
        resume: () => {
          it.isPaused = false
        },
        caughtUp: () => {
          it.caughtUp++
        },
      },
      slices,
    ),
    isPaused: false,
    caughtUp: 0,
    onRun: () => {},
    readMs: 0,
  }
  sessions.push(it)
  return it
}

const numbered = (name: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${name}${index}`).join(" ")

async function untilEmpty(...sessions: Session[]): Promise<void> {
  while (!sessions.every(({ inbox }) => inbox.isEmpty)) await turn()
}

test("does what comes at once when nobody has worked in this round", () => {
  const { inbox } = session()
  inbox.add("a b")
  assert.deepEqual(done, ["a", "b"])
  assert.equal(inbox.isEmpty, true)
})

test("a session with much to do leaves off when its turn is over, and others have theirs before it goes on", () => {
  const [flood, other] = [session(), session()]
  flood.inbox.add(numbered("f", 100))
  assert.deepEqual(done, ["f0", "f1", "f2"])
  other.inbox.add("o")
  assert.equal(done.at(-1), "o")
})

test("many small messages in one round are one turn, too", () => {
  const [flood, other] = [session(), session()]
  for (let index = 0; index < 100; index++) flood.inbox.add(`f${index}`)
  other.inbox.add("o")
  assert.deepEqual(done, ["f0", "f1", "f2", "o"])
})

test("sessions that all have much to do take turns", async () => {
  for (const name of ["a", "b", "c"]) session().inbox.add(numbered(name, 12))
  await untilEmpty(...sessions)
  const turns = done
    .join(" ")
    .match(/(\D)\d+( \1\d+)*/g)
    ?.map((calls) => calls.slice(0, 1))
  assert.deepEqual(turns, ["a", "b", "c", "a", "b", "c", "a", "b", "c", "a", "b", "c"])
})

test("the sessions of one window share its slice, one after the other, and another window has a whole one", async () => {
  const slices = new TimeSlices(() => time)
  const hoard = ["a", "b", "c", "d"].map((name) => ({ name, ...session(slices) }))
  for (const { name, inbox } of hoard) inbox.add(numbered(name, 6))
  const other = session()
  other.inbox.add(numbered("o", 18))
  await untilEmpty(...sessions)
  const turns = done
    .join(" ")
    .match(/(\D)\d+( \1\d+)*/g)
    ?.map((calls) => `${calls.slice(0, 1)}${calls.split(" ").length}`)
  assert.deepEqual(turns?.slice(0, 12), ["a3", "o3", "a3", "o3", "b3", "o3", "c3", "o3", "d3", "o3", "b3", "o3"])
})

test("a second session of a window has no slice of its own in a round in which the first has used it", async () => {
  const slices = new TimeSlices(() => time)
  const [first, second] = [session(slices), session(slices)]
  first.inbox.add(numbered("f", 3))
  second.inbox.add("s")
  assert.deepEqual([done, second.isPaused], [["f0", "f1", "f2"], true])
  await untilEmpty(first, second)
  assert.deepEqual([done.at(-1), second.isPaused], ["s", false])
})

test("what one session's call delivers to another of its window comes after that call, in the same slice", () => {
  const slices = new TimeSlices(() => time)
  const [first, second] = [session(slices), session(slices)]
  first.onRun = () => second.inbox.add("s")
  first.inbox.add("f")
  assert.deepEqual(done, ["f", "s"])
})

test("what one session was sent is done in its order, each once, whatever the turns", async () => {
  const [flood, other] = [session(), session()]
  for (const message of ["a b c d e", "f", "g h i", "j"]) {
    flood.inbox.add(message)
    other.inbox.add(message.toUpperCase())
    await turn()
  }
  await untilEmpty(flood, other)
  assert.equal(done.filter((call) => call === call.toLowerCase()).join(""), "abcdefghij")
  assert.equal(done.filter((call) => call !== call.toLowerCase()).join(""), "ABCDEFGHIJ")
})

test("promises of what has run settle between two turns", async () => {
  const it = session()
  it.inbox.add(numbered("f", 7))
  queueMicrotask(() => done.push("settled"))
  await untilEmpty(it)
  assert.deepEqual(done, ["f0", "f1", "f2", "settled", "f3", "f4", "f5", "f6"])
})

test("the peer waits while something waits here, and is heard again when all is done", async () => {
  const it = session()
  it.inbox.add("a")
  assert.deepEqual([it.isPaused, it.caughtUp], [false, 1])
  it.inbox.add(numbered("f", 10))
  assert.deepEqual([it.isPaused, it.caughtUp], [true, 1])
  it.inbox.add("last")
  await untilEmpty(it)
  assert.deepEqual([it.isPaused, it.caughtUp, done.at(-1)], [false, 2, "last"])
})

test("what a call brings about comes after the calls that are there", () => {
  const it = session()
  it.onRun = (call) => {
    if (call === "a") it.inbox.add("c")
  }
  it.inbox.add("a b")
  assert.deepEqual(done, ["a", "b", "c"])
})

test("what waits is dropped when the session is over, and the peer is let go", async () => {
  const it = session()
  it.inbox.add(numbered("f", 10))
  it.inbox.clear()
  await turn()
  await turn()
  assert.deepEqual([done, it.isPaused], [["f0", "f1", "f2"], false])
})

test("a call that ends the session is its last", () => {
  const it = session()
  it.onRun = (call) => {
    if (call === "end") it.inbox.clear()
  }
  it.inbox.add("a end b")
  assert.deepEqual(done, ["a", "end"])
})

test("a session that is alone has longer turns, and shorter ones from the moment another has something to do", async () => {
  const [alone, other] = [session(), session()]
  alone.inbox.add("first")
  await turn()
  time += 1000
  done = []
  alone.inbox.add(numbered("a", 100))
  assert.equal(done.length, 20, "four milliseconds of calls")
  other.inbox.add("b")
  done = []
  await turn()
  assert.equal(done.length, 3, "half a millisecond of calls")
})

test("a window whose records take long to read rests for as long as they took, and others work meanwhile", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const [costly, other] = [session(), session()]
  costly.readMs = 30
  for (const message of ["a", "b"]) costly.inbox.add(message)
  for (let round = 0; round < 3; round++) {
    other.inbox.add(`o${round}`)
    await turn()
  }
  context.mock.timers.tick(29)
  await turn()
  assert.deepEqual(done, ["o0", "o1", "o2"])
  context.mock.timers.tick(1)
  assert.deepEqual(done, ["o0", "o1", "o2", "a"])
  // The second one was read in the same slice.
  context.mock.timers.tick(30)
  assert.deepEqual(done, ["o0", "o1", "o2", "a", "b"])
})

test("a window whose commands take long does not rest: its slices are all that it keeps the others waiting", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] })
  const slow = session()
  slow.onRun = () => {
    time += 30
  }
  slow.inbox.add("a b c")
  await turn()
  await turn()
  await turn()
  assert.deepEqual(done, ["a", "b", "c"])
})
