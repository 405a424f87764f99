import type { Attack } from "../attack.ts"

/** P19: numbers of calls that collide or are none. */
export const ids: readonly Attack[] = [
  {
    id: "P19",
    name: "two calls with one number, the second while the first runs",
    stoppedBy: "a number in flight cannot be used again: the session ends",
    defence: "core",
    control: {
      off: "the rule that an id in flight cannot be used again",
      file: "core/call-table.ts",
      find: "if (this.#inFlight.has(id))",
      replace: "if (this.#inFlight.has(-1))",
    },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const session = await attacker.session()
        await session.seal([[5, "slow", {}]])
        await session.seal([[5, "allowed", {}]])
        session.sendAll()
        await attacker.pause(200)`)
      return victim.hasRun("allowed")
    },
  },
  {
    id: "P19",
    name: "numbers that are none: negative, broken, too large, texts, lists",
    stoppedBy: "a call's number is a u32, in the sandbox and in the Core",
    defence: "browser",
    control: [
      {
        off: "the look at a call's number in the sandbox",
        file: "boundary/sandbox/batch.ts",
        find: "id >>> 0 !== id || ",
        replace: "",
      },
      {
        off: "the look at a call's number in the Core",
        file: "boundary/core/call-payload.ts",
        find: "if (!Number.isInteger(id) || id < 0 || id > 0xffff_ffff)",
        replace: "if (id === undefined)",
      },
    ],
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        for (const id of ["-1", "0.5", "4294967296", '"1"', "[1]", "1e300", "null", "true"]) {
          const session = await attacker.session()
          session.port.postMessage('[[' + id + ',"allowed",{}]]')
          await attacker.until(() => session.frames.length > 1, 100)
          session.sendAll()
          await attacker.pause(50)
          session.socket.close()
          session.element.remove()
        }`)
      return victim.hasRun("allowed")
    },
  },
  {
    id: "P19",
    name: "another call's number, given back by the hook's arguments `callback` and `error`",
    stoppedBy: "the numbers that answer a call are Sallyport's own: what stands in the arguments is arguments",
    defence: "browser",
    control: {
      off: "the number that a call came with: the one in its arguments counts",
      file: "boundary/sandbox/pass-call.ts",
      find: `\`[\${id},`,
      replace: `\`[\${(args as any)?.callback ?? id},`,
    },
    steps: ({ page }) =>
      page.evaluate<boolean>(`
        const session = await attacker.session()
        const replies = []
        session.socket.onmessage = ({ data }) => replies.push(new TextDecoder().decode(data))
        await session.seal([[5, "allowed", { callback: 99, error: 99 }]])
        session.sendAll()
        await attacker.until(() => replies.length > 0)
        return replies.join().includes("[99,")`),
  },
]
