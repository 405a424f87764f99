import type { Attack } from "../attack.ts"
import { ANY_LAUNCH, ANY_SEQUENCE, ANY_SESSION } from "../weaknesses.ts"

const NEXT = "the Core takes the frame after the last one, and no other"
const OTHER_KEY = "each session has a key of its own, and a frame authenticates its session's id"

/** P3 and P4: frames that the sandbox did seal, sent once more. */
export const replayedFrames: readonly Attack[] = [
  {
    id: "P3",
    name: "a sealed frame, sent again on the same socket",
    stoppedBy: NEXT,
    defence: "core",
    control: ANY_SEQUENCE,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.tap()
        await attacker.call("allowed", { once: true })
        attacker.send(attacker.frames.at(-1))
        await attacker.pause(200)`)
      return victim.ran.filter(({ args }) => (args as { once?: true }).once).length > 1
    },
  },
  {
    id: "P3",
    name: "a sealed frame, sent again while its call still runs",
    stoppedBy: NEXT,
    defence: "core",
    control: [
      ANY_SEQUENCE,
      {
        off: "the rule that an id in flight cannot be used again",
        file: "core/call-table.ts",
        find: "if (this.#inFlight.has(id))",
        replace: "if (this.#inFlight.has(-1))",
      },
    ],
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.tap()
        const before = attacker.frames.length
        void attacker.call("slow")
        await attacker.until(() => attacker.frames.length > before)
        attacker.send(attacker.frames.at(-1))
        await attacker.pause(200)`)
      return victim.ran.filter(({ command }) => command === "slow").length > 1
    },
  },
  {
    id: "P3",
    name: "a sealed frame, sent again a thousand frames later",
    stoppedBy: NEXT,
    defence: "core",
    control: ANY_SEQUENCE,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.tap()
        await attacker.call("allowed", { once: true })
        const old = attacker.frames.at(-1)
        for (let n = 0; n < 1000; n += 100)
          await Promise.all(Array.from({ length: 100 }, async () => { await null; await attacker.call("allowed") }))
        attacker.send(old)
        await attacker.pause(200)`)
      return victim.ran.filter(({ args }) => (args as { once?: true }).once).length > 1
    },
  },
  {
    id: "P4",
    name: "all frames of a session, from its first on, sent on a second socket",
    stoppedBy: OTHER_KEY,
    defence: "core",
    control: ANY_SESSION,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const first = await attacker.session()
        const second = await attacker.connect()
        await first.seal([[1, "allowed", {}]])
        first.sendAll(second.socket)
        await attacker.pause(300)`)
      return victim.hasRun("allowed")
    },
  },
  {
    id: "P4",
    name: "a frame of one session in the place of the other's frame of the same number",
    stoppedBy: OTHER_KEY,
    defence: "core",
    control: ANY_SESSION,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const [first, second] = [await attacker.session(), await attacker.session()]
        await first.seal([[1, "allowed", {}]])
        await second.seal([[1, "window", {}]])
        attacker.send(second.frames[0], second.socket)
        attacker.send(first.frames[1], second.socket)
        await attacker.pause(300)`)
      return victim.hasRun("allowed")
    },
  },
  {
    id: "P4",
    name: "all frames of a session, sent again after a reload",
    stoppedBy: OTHER_KEY,
    defence: "core",
    control: ANY_SESSION,
    steps: async ({ page, victim }) => {
      const frames = await page.evaluate(RECORD)
      await page.reload()
      await page.waitFor("return typeof attacker === 'object'")
      victim.forget()
      await page.evaluate(replay(frames))
      return victim.hasRun("allowed")
    },
  },
  {
    id: "P4",
    name: "all frames of a session, sent again after the Core has started anew",
    stoppedBy: "the launch key is made at each start, and never leaves the Core",
    defence: "core",
    control: [...ANY_SESSION, ANY_LAUNCH],
    alone: true,
    steps: async ({ page, victim, open }) => {
      const frames = await page.evaluate(RECORD)
      await victim.restart()
      const again = await open("main")
      victim.forget()
      await again.evaluate(replay(frames))
      return victim.hasRun("allowed")
    },
  },
]

/** Frames of a whole session, as text that a page can be given. */
const RECORD = `
  const session = await attacker.session()
  await session.seal([[1, "allowed", {}]])
  return session.frames.map((frame) => [...new Uint8Array(frame)])`

const replay = (frames: unknown): string => `
  const { socket } = await attacker.connect()
  for (const frame of ${JSON.stringify(frames)}) attacker.send(new Uint8Array(frame), socket)
  await attacker.pause(300)`
