import type { Attack } from "../attack.ts"
import { until } from "../stranger.ts"
import { ANY_SEQUENCE, ANY_SESSION } from "../weaknesses.ts"

const NEXT = "the Core takes the frame after the last one, and no other"

/** P8: frames reordered, dropped, held back. */
export const reorderedFrames: readonly Attack[] = [
  {
    id: "P8",
    name: "two frames in the wrong order",
    stoppedBy: NEXT,
    defence: "core",
    control: ANY_SEQUENCE,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const { seal, frames, socket } = await attacker.session()
        await seal([[1, "allowed", { n: 1 }]])
        await seal([[2, "allowed", { n: 2 }]])
        for (const index of [0, 2, 1]) attacker.send(frames[index], socket)
        await attacker.pause(200)`)
      return victim.hasRun("allowed")
    },
  },
  {
    id: "P8",
    name: "a frame left out: what the sandbox said first, that it has a hook",
    stoppedBy: NEXT,
    defence: "core",
    control: ANY_SEQUENCE,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const { seal, socket } = await attacker.session()
        attacker.send(await seal([[1, "allowed", {}]]), socket)
        await attacker.pause(200)`)
      return victim.hasRun("allowed")
    },
  },
  {
    id: "P8",
    name: "the bridge's own frame left out, and the session gone on with",
    stoppedBy: NEXT,
    defence: "core",
    control: ANY_SEQUENCE,
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.tap()
        attacker.isHolding = true
        void attacker.call("window")
        await attacker.until(() => attacker.held.length > 0)
        attacker.isHolding = false
        void attacker.call("allowed", { after: true })
        await attacker.pause(300)`)
      return victim.ran.some(({ args }) => (args as { after?: true }).after)
    },
  },
  {
    id: "P8",
    name: "a frame held back until its session is over, and sent in the next one",
    stoppedBy: "a frame is of one session: it dies with it",
    defence: "core",
    control: [...ANY_SESSION, ANY_SEQUENCE],
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.tap()
        attacker.isHolding = true
        const call = attacker.call("allowed", { held: true })
        await attacker.until(() => attacker.held.length > 0)
        attacker.isHolding = false
        attacker.sockets[0].close()
        // It is rejected: what came of it is unknown. The page may well have done something else instead.
        await call
        await attacker.tap()
        attacker.send(attacker.held[0])
        await attacker.pause(300)`)
      return victim.ran.some(({ args }) => (args as { held?: true }).held)
    },
  },
  {
    id: "P8",
    name: "a sandbox that is kept from being heard, unnoticed",
    stoppedBy: "a session whose frame was served, and that seals nothing, is audited",
    defence: "core",
    control: {
      off: "the watch for sessions that seal nothing",
      file: "core/core.ts",
      find: "if (!session.sealed.hasSealed) decided(",
      replace: "if (session.isOver) decided(",
    },
    victim: { limits: { frameTimeoutMs: 700 } },
    alone: true,
    steps: async ({ page, victim }) => {
      await page.evaluate("await attacker.session()")
      return !(await until(() => victim.hasDecided("session-silent"), 5000))
    },
  },
]
