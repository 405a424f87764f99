import type { Attack } from "../attack.ts"

const ONE_READING = "what comes over the port is read as calls for the hook, and as nothing else"

/** P24: what the page posts into the sandbox's port, in the place of what the hook would have said. */
export const hookResults: readonly Attack[] = [
  {
    id: "P24",
    name: "a call that the hook has passed, as an object of the sandbox's own kind",
    stoppedBy: "the sandbox takes texts and bytes from its port, no objects",
    defence: "browser",
    control: {
      off: "the sandbox's refusal of objects: one of its own kind is sealed as it is",
      file: "boundary/sandbox/runtime.ts",
      find: 'if (typeof data !== "string") return',
      replace:
        'if (typeof data !== "string") {\n      if (!(data instanceof ArrayBuffer)) batcher.call(data as any)\n      return\n    }',
    },
    inPage: async (attacker) => {
      const session = await attacker.session()
      session.port?.postMessage({ tuple: '[1,"forbidden",{}]', blob: null })
      session.port?.postMessage({ list: "calls", tuple: '[2,"forbidden",{}]', blob: null })
      await attacker.until(() => session.frames.length > 1, 300)
      session.sendAll()
      await attacker.pause(200)
    },
  },
  {
    id: "P24",
    name: "a payload as the sandbox lays it out, as text and as bytes",
    stoppedBy: ONE_READING,
    defence: "browser",
    control: {
      off: "the one reading of what the page posts: a payload is sealed as it is",
      file: "boundary/sandbox/runtime.ts",
      find: 'if (typeof data !== "string") return',
      replace:
        'if (typeof data === "string" && data.startsWith("{")) void seal(data, [])\n    if (typeof data !== "string") return',
    },
    inPage: async (attacker) => {
      const session = await attacker.session()
      const payload = '{"calls":[[1,"forbidden",{}]],"blobs":[]}'
      session.port?.postMessage(attacker.clear(payload).buffer)
      session.port?.postMessage(payload)
      await attacker.until(() => session.frames.length > 1, 300)
      session.sendAll()
      await attacker.pause(200)
    },
  },
  {
    id: "P24",
    name: "the exchange of a call between the hook's look and its sealing, by a second batch with the same number",
    stoppedBy: "each call's data are its own, from its reading to its sealing",
    defence: "browser",
    control: {
      off: "the data of each call: the newest with its number counts",
      file: "boundary/sandbox/pass-call.ts",
      find: "  runHook(createHookPayload(request), label, limits.hookTimeoutMs, seal, reject)",
      replace:
        "  const known = ((globalThis as { known?: Record<number, () => void> }).known ??= {})\n  const payload = createHookPayload(request)\n  known[request.id] = () => seal(payload)\n  runHook(payload, label, limits.hookTimeoutMs, () => known[request.id]?.(), reject)",
    },
    victim: {
      hook: `window.__TAURI_ISOLATION_HOOK__ = async (payload) => {
        if (payload.cmd === "forbidden") throw new Error("forbidden")
        await new Promise((resolve) => setTimeout(resolve, 50))
        return payload
      }`,
    },
    inPage: async (attacker) => {
      const session = await attacker.session()
      session.port?.postMessage('[[1,"allowed",{}]]')
      session.port?.postMessage('[[1,"forbidden",{}]]')
      await attacker.until(() => session.frames.length > 2, 500)
      session.sendAll()
      await attacker.pause(200)
    },
  },
]
