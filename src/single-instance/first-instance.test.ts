import assert from "node:assert/strict"
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { claim } from "./claim.ts"
import { FirstInstance } from "./first-instance.ts"
import { LAUNCH_BYTES, type SecondLaunch } from "./launch-message.ts"
import { SocketFolder } from "./socket-folder.ts"

const LINE = '{"args":["a"],"cwd":"/"}\n'
const LAUNCH: SecondLaunch = { args: ["a"], cwd: "/" }

let parent: string
let folder: string
let first: FirstInstance
let launches: SecondLaunch[]
let sockets: Socket[]

beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), "sallyport-first-"))
  folder = join(parent, "sockets")
  const held = await claim(new SocketFolder(folder, ["test"]))
  assert.ok("release" in held)
  first = new FirstInstance(held)
  launches = []
  sockets = []
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await first.release()
  rmSync(parent, { recursive: true, force: true })
})

function listen(): void {
  first.onLaunch((launch) => launches.push(launch))
}

/** Sends this; resolves with what is answered when the connection ends. */
async function send(bytes: string | Buffer): Promise<string> {
  const socket = await open()
  let answer = ""
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    answer += chunk
  })
  socket.write(bytes)
  await new Promise((resolve) => socket.once("close", resolve))
  return answer
}

function open(): Promise<Socket> {
  const [name = ""] = readdirSync(folder)
  const socket = connect(join(folder, name))
  socket.on("error", () => {})
  sockets.push(socket)
  return new Promise((resolve) => socket.once("connect", () => resolve(socket)))
}

const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once("close", resolve))

test("the folder of the sockets is its user's alone, also one that was open to others", {
  skip: process.platform === "win32",
}, () => {
  assert.equal(statSync(folder).mode & 0o777, 0o700)
})

test("a launch is answered and heard once the app shows a window", async () => {
  listen()
  first.shows()
  assert.equal(await send(LINE), "opened\n")
  assert.deepEqual(launches, [LAUNCH])
})

test("a launch that comes while the app starts waits for its window, and is heard once a listener is added", async () => {
  const answer = send(LINE)
  await new Promise((resolve) => setTimeout(resolve, 50))
  first.shows()
  assert.equal(await answer, "opened\n")
  assert.deepEqual(launches, [])
  listen()
  assert.deepEqual(launches, [LAUNCH])
})

test("a launch is answered in time although the app has shown no window, because it may run without one", async () => {
  listen()
  assert.equal(await send(LINE), "opened\n")
  assert.deepEqual(launches, [LAUNCH])
})

test("an app that shows its windows by a function of its own hangs up: the second launch is a first one", async () => {
  listen()
  const answer = send(LINE)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await first.giveUp()
  assert.equal(await answer, "")
  assert.deepEqual([launches, readdirSync(folder)], [[], []])
})

test("an app that closes says so, is launched no more, and ends the connection when it has ended", async () => {
  listen()
  first.shows()
  first.closing()
  const answer = send(LINE)
  let hasEnded = false
  void answer.then(() => {
    hasEnded = true
  })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  assert.equal(hasEnded, false)
  await first.release()
  assert.equal(await answer, "closing\n")
  assert.deepEqual(launches, [])
})

test("what is malformed, too large or more than one line ends its connection without an answer", async () => {
  listen()
  first.shows()
  for (const bytes of [
    "\n",
    "{}\n",
    `${LINE}${LINE}`,
    `${LINE}x`,
    '{"args":[1],"cwd":"/"}\n',
    Buffer.from([0xff, 0x0a]),
    "x".repeat(LAUNCH_BYTES + 2),
    Buffer.alloc(8 * 1024 * 1024, 0x20),
  ])
    assert.equal(await send(bytes), "")
  assert.deepEqual(launches, [])
  assert.equal(await send(LINE), "opened\n")
})

test("a connection that does not send its launch within a second is ended", async () => {
  first.shows()
  const silent = await open()
  const slow = await open()
  slow.write(LINE.slice(0, 5))
  await Promise.all([silent, slow].map(closed))
})

test("of silent connections only some are taken, and they do not keep a launch from being answered for long", async () => {
  listen()
  first.shows()
  const order: number[] = []
  const silent: Socket[] = []
  for (let index = 0; index < 100; index++) {
    const socket = await open()
    silent.push(socket)
    socket.once("close", () => order.push(index))
  }
  await Promise.all(silent.map((socket) => (socket.destroyed ? null : closed(socket))))
  // The first ones are taken, and stay until their time is over; those behind them are hung up at once.
  assert.ok(
    order.slice(0, 50).every((index) => index >= 16),
    order.join(),
  )
  assert.equal(await send(LINE), "opened\n")
})
