import type { Attack, Replacement } from "../attack.ts"

const NO_TIMER: Replacement = {
  off: "the time that a hook may take to settle",
  file: "boundary/sandbox/hook-runner.ts",
  find: 'setTimeout(() => settle(() => rejected(new Rejection("HOOK_TIMEOUT"))), timeoutMs)',
  replace: "undefined",
}
const NO_DEADLINE: Replacement = {
  off: "the look at the clock when an asynchronous hook is done",
  file: "boundary/sandbox/hook-runner.ts",
  find: "if (performance.now() > deadline)",
  replace: "if (performance.now() < 0)",
}

const NO_LOOK: Replacement = {
  off: "the look at the clock when a synchronous hook is done",
  file: "boundary/sandbox/hook-runner.ts",
  find: "if (performance.now() > deadline)",
  replace: "if (performance.now() < 0)",
}

/** Arguments decide how long it takes, as with an expression that backtracks. */
const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  const { waits, blocks } = payload.payload
  if (blocks) for (const end = performance.now() + blocks; performance.now() < end;);
  return waits ? new Promise((resolve) => setTimeout(() => resolve(payload), waits)) : payload
}`

const victim: Attack["victim"] = { hook: HOOK, limits: { hookTimeoutMs: 300 } }

/** P20: a hook that is made slow. */
export const slowHooks: readonly Attack[] = [
  {
    id: "P20",
    name: "arguments that keep an asynchronous hook waiting: a promise that never settles",
    stoppedBy: "`hookTimeoutMs`: the call rejects with HOOK_TIMEOUT",
    defence: "browser",
    control: NO_TIMER,
    victim,
    inPage: (attacker) => attacker.inTime(attacker.call("allowed", { waits: 60_000 })),
    succeeded: (ended) => ended === "pending",
  },
  {
    id: "P20",
    name: "an asynchronous hook's result that comes too late, run all the same",
    stoppedBy: "`hookTimeoutMs`: a late result is dropped",
    defence: "browser",
    control: [NO_TIMER, NO_DEADLINE],
    victim,
    inPage: async (attacker) => {
      await attacker.call("allowed", { waits: 600 })
      await attacker.pause(700)
    },
    succeeded: (_result, { victim }) => victim.hasRun("allowed"),
  },
  {
    id: "P20",
    name: "a synchronous hook's result that comes too late, run all the same",
    stoppedBy: "`hookTimeoutMs`, by the clock: a blocked thread has no timers",
    defence: "browser",
    control: NO_LOOK,
    victim,
    inPage: async (attacker) => {
      await attacker.call("allowed", { blocks: 600 })
      await attacker.pause(100)
    },
    succeeded: (_result, { victim }) => victim.hasRun("allowed"),
  },
  {
    id: "P20",
    name: "one call that the hook takes long over, to hold up the others",
    stoppedBy: "each call is sealed when its own hook is done",
    defence: "browser",
    control: {
      off: "the sealing of each call when its hook is done: they wait for each other",
      file: "boundary/sandbox/runtime.ts",
      find: "(call) => batcher.call(call),",
      replace:
        "(call) => void ((globalThis as any).waiting ??= new Promise((done) => setTimeout(done, 3000))).then(() => batcher.call(call)),",
    },
    victim: { hook: HOOK },
    inPage: async (attacker) => {
      void attacker.call("slow", { waits: 60_000 })
      return attacker.inTime(attacker.call("allowed"))
    },
    succeeded: (ended) => ended === "pending",
  },
]
