import type { Attack } from "../attack.ts"
import { NO_HOOK } from "../weaknesses.ts"

/** P1: calls that the hook refuses, made as any script of the page can. */
export const refusedCalls: readonly Attack[] = [
  {
    id: "P1",
    name: "a command that the hook refuses",
    stoppedBy: "the hook, in the sandbox",
    defence: "browser",
    control: "brownfield",
    inPage: (attacker) => attacker.call("forbidden"),
  },
  {
    id: "P1",
    name: "a path that the hook refuses, for a command that it lets through",
    stoppedBy: "the hook, in the sandbox",
    defence: "browser",
    control: NO_HOOK,
    inPage: (attacker) => attacker.call("read_file", { path: "/etc/passwd" }),
    succeeded: (_result, { victim }) => victim.hasRun("read_file"),
  },
  {
    id: "P1",
    name: "a refused call among ten thousand that are not",
    stoppedBy: "the hook, in the sandbox, for each call of a batch",
    defence: "browser",
    control: "brownfield",
    inPage: (attacker) =>
      Promise.all(Array.from({ length: 10_000 }, (_, n) => attacker.call(n === 5000 ? "forbidden" : "allowed"))).then(
        (ended) => ended.length,
      ),
  },
  {
    id: "P1",
    name: "a refused call through the bridge's older names: ipc(), postMessage()",
    stoppedBy: "there is one way to call, and it passes the hook",
    defence: "browser",
    control: "brownfield",
    inPage: async (attacker) => {
      const internals = (window as unknown as { __TAURI_INTERNALS__: Record<string, (message: object) => unknown> })
        .__TAURI_INTERNALS__
      // What is called before there is a session may be lost with the page.
      await attacker.call("allowed")
      const message = { cmd: "forbidden", callback: 1, error: 2, payload: {}, options: {} }
      for (const name of ["ipc", "postMessage"]) internals[name]?.(message)
      // Whatever else there is that can be called: none of it may take a command.
      for (const name in internals) {
        const member = internals[name]
        if (typeof member === "function" && name !== "transformCallback") {
          const called = Promise.resolve(member.call(internals, "forbidden" as never)).catch(() => {})
          await Promise.race([called, attacker.pause(100)])
        }
      }
    },
  },
]
