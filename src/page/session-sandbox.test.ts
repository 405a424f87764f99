import assert from "node:assert/strict"
import { describe, mock, test } from "node:test"
import { frame, microtasks, outcomes, ready, socket, start } from "./fake-frame.fixture.ts"

describe("page and sandbox", () => {
  test("while a batch is with the sandbox the next one grows, and leaves when the first has been taken", async () => {
    const connection = await ready()
    for (const cmd of ["a", "b", "c"]) {
      outcomes(connection, cmd)
      await microtasks()
    }
    assert.deepEqual(frame().batches, [["a"]])
    frame().say({ taken: true })
    assert.deepEqual(frame().batches, [["a"], ["b", "c"]])
    outcomes(connection, "d")
    await microtasks()
    assert.equal(frame().batches.length, 2)
  })

  test("a sealed frame says that a batch has been taken, too; one that comes unasked counts for nothing", async () => {
    const connection = await ready()
    frame().say(new ArrayBuffer(1))
    for (const cmd of ["a", "b"]) {
      outcomes(connection, cmd)
      await microtasks()
    }
    assert.deepEqual(frame().batches, [["a"]])
    frame().say(new ArrayBuffer(1))
    assert.deepEqual(frame().batches, [["a"], ["b"]])
  })

  test("a frame in parts goes on as it comes, behind its length, and says once that a batch has been taken", async () => {
    const connection = await ready()
    for (const cmd of ["a", "b", "c"]) {
      outcomes(connection, cmd)
      await microtasks()
    }
    const parts = [Uint8Array.of(1, 2).buffer, Uint8Array.of(3, 4).buffer, Uint8Array.of(5).buffer]
    frame().say(5)
    assert.deepEqual(frame().batches, [["a"], ["b", "c"]])
    outcomes(connection, "d")
    await microtasks()
    for (const part of parts) frame().say(part)
    assert.deepEqual(socket().sent.slice(1), ["5", ...parts])
    assert.deepEqual(frame().batches, [["a"], ["b", "c"]])
    frame().say(new ArrayBuffer(1))
    assert.deepEqual(frame().batches, [["a"], ["b", "c"], ["d"]])
  })

  test("a large raw argument goes in parts through a port, behind its length", async () => {
    const connection = await ready()
    const large = Uint8Array.from({ length: 600 * 1024 }, (_, index) => index % 251)
    outcomes(connection, "raw", large)
    await microtasks()
    const [length, ...parts] = frame().posted.slice(-4, -1)
    assert.equal(length, large.length)
    assert.deepEqual(Buffer.concat((parts as ArrayBuffer[]).map((part) => new Uint8Array(part))), Buffer.from(large))
    assert.deepEqual(
      (parts as ArrayBuffer[]).map(({ byteLength }) => byteLength),
      [512 * 1024, 88 * 1024],
    )
  })

  test("batches that are full leave while the task still runs, four of them ahead of the sandbox", async () => {
    const connection = await ready()
    const half = "x".repeat(160 * 1024)
    for (let call = 1; call <= 9; call++) outcomes(connection, `${call}`, { half })
    assert.equal(frame().batches.flat().length, 4)
    frame().say({ taken: true })
    assert.equal(frame().batches.flat().length, 5)
    await microtasks()
    for (let taken = 0; taken < 8; taken++) frame().say({ taken: true })
    assert.deepEqual(
      frame().batches.flat(),
      Array.from({ length: 9 }, (_, index) => `${index + 1}`),
    )
  })

  test("hands over what waits as soon as there is a sandbox, and sends nothing but what that sealed", async () => {
    const connection = start()
    outcomes(connection)
    outcomes(connection, "raw", Uint8Array.of(1))
    await microtasks()
    assert.deepEqual(frame().posted, [])
    frame().connect()
    assert.deepEqual(frame().batches, [["a", "raw"]])
    outcomes(connection, "later")
    await microtasks()
    frame().say({ ready: true })
    assert.deepEqual(frame().batches, [["a", "raw"]])
    frame().say({ taken: true })
    assert.deepEqual(frame().batches, [["a", "raw"], ["later"]])
    const sealed = Uint8Array.of(1, 2, 3).buffer
    frame().say(sealed)
    assert.deepEqual(socket().sent.slice(1), [sealed])
  })

  test("takes a port from its own frame only, and only once", async () => {
    const connection = start()
    frame().connect({})
    frame().say({ ready: true })
    outcomes(connection)
    await microtasks()
    assert.deepEqual(frame().posted, [])
    frame().connect()
    assert.deepEqual(frame().batches, [["a"]])
    frame().say({ ready: true })
    frame().connect()
    frame().say({ taken: true })
    outcomes(connection, "b")
    await microtasks()
    assert.deepEqual([frame().batches, frame().strayed], [[["a"], ["b"]], []])
  })

  test("speaks from window to window with a sandbox that offers no port, and nobody else in the page hears it", async () => {
    const connection = start()
    frame().sayFromWindow("sallyport-port", {})
    outcomes(connection)
    outcomes(connection, "raw", Uint8Array.of(1))
    await microtasks()
    assert.deepEqual([frame().posted, frame().passedOn], [[], 1])
    frame().connectWithoutPort()
    assert.deepEqual([frame().batches, frame().passedOn], [[["a", "raw"]], 1])
    frame().sayFromWindow({ ready: true })
    const sealed = Uint8Array.of(1, 2, 3).buffer
    frame().sayFromWindow(sealed, {})
    assert.equal(socket().sent.length, 1)
    frame().sayFromWindow(sealed)
    assert.deepEqual([socket().sent.slice(1), frame().passedOn], [[sealed], 2])
  })

  test("what a frame said before it was removed does not reach the page's own listeners, nor the next session", async () => {
    const connection = start()
    frame().connectWithoutPort()
    frame().sayFromWindow({ ready: true })
    const old = frame()
    socket().lose()
    mock.timers.tick(20)
    old.sayFromWindow(Uint8Array.of(1).buffer)
    socket().welcome("http://127.0.0.1:1/ticket2")
    old.sayFromWindow("sallyport-port")
    // Some browsers do not name the window of a frame that is gone.
    old.sayFromWindow("sallyport-port", null)
    old.sayFromWindow("the page's own", null)
    outcomes(connection)
    await microtasks()
    assert.deepEqual([old.passedOn, frame().batches, socket().sent.length], [1, [], 1])
  })

  for (const [what, act] of [
    ["removed", () => frame().remove()],
    ["moved", () => frame().move()],
  ] as const)
    test(`does not send a record that comes when its frame was ${what}: the call passes in the next session`, async () => {
      const connection = await ready()
      frame().seal()
      outcomes(connection)
      await microtasks()
      const sent = socket().sent.length
      act()
      const [oldSocket, oldFrame] = [socket(), frame()]
      oldFrame.seal()
      assert.equal(oldSocket.sent.length, sent)
      mock.timers.tick(20)
      socket().welcome("http://127.0.0.1:1/ticket2")
      frame().connect()
      frame().say({ ready: true })
      await microtasks()
      assert.notEqual(frame(), oldFrame)
      assert.deepEqual(frame().batches, [["a"]])
    })

  test("a large raw argument goes from window to window as it is", async () => {
    const connection = start()
    frame().connectWithoutPort()
    frame().sayFromWindow({ ready: true })
    const large = new Uint8Array(600 * 1024)
    outcomes(connection, "raw", large)
    await microtasks()
    assert.deepEqual(
      frame().posted.map((message) => (message instanceof ArrayBuffer ? message.byteLength : typeof message)),
      [large.length, "string"],
    )
  })
})
