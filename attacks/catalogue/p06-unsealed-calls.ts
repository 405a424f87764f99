import type { Attack } from "../attack.ts"
import { CLEAR_TOO, NO_HOOK } from "../weaknesses.ts"

const SEALED_ONLY = "in isolation the Core acts on sealed frames alone"

/** What is sent, as an expression in the page: a call of the forbidden command without a seal. */
const IN_THE_CLEAR: readonly (readonly [id: string, name: string, message: string])[] = [
  ["P6", "the call unsealed, as brownfield has it", `attacker.clear({ calls: [[1, "forbidden", {}]], blobs: [] })`],
  [
    "P6",
    "the call unsealed, with a raw argument",
    `attacker.clear({ calls: [[1, "forbidden", null, null, 0]], blobs: [3] }, new Uint8Array(3))`,
  ],
  [
    "P6",
    "the call unsealed, among what only a sandbox says",
    `attacker.clear({ hook: "null", calls: [[1, "forbidden", {}]], refused: [], logs: [["log", "harmless"]], blobs: [] })`,
  ],
  ["P7", "an unsealed call without arguments", `attacker.clear({ calls: [[1, "forbidden"]], blobs: [] })`],
  ["P7", "an unsealed call whose arguments are null", `attacker.clear({ calls: [[1, "forbidden", null]], blobs: [] })`],
  [
    "P7",
    "an unsealed call whose raw argument is empty",
    `attacker.clear({ calls: [[1, "forbidden", null, null, 0]], blobs: [0] })`,
  ],
]

/** P6, P7 and P9: around the sandbox. */
export const unsealedCalls: readonly Attack[] = [
  ...IN_THE_CLEAR.map(
    ([id, name, message]): Attack => ({
      id,
      name: `${name}, on the bridge's socket`,
      stoppedBy: SEALED_ONLY,
      defence: "core",
      control: CLEAR_TOO,
      steps: async ({ page, victim }) => {
        await page.evaluate(`await attacker.tap(); attacker.send(${message}); await attacker.pause(200)`)
        return victim.hasRun("forbidden")
      },
    }),
  ),
  {
    id: "P6",
    name: "the call unsealed, as the first message of a session whose sandbox was never loaded",
    stoppedBy: SEALED_ONLY,
    defence: "core",
    control: CLEAR_TOO,
    inPage: async (attacker) => {
      const { socket } = await attacker.connect()
      attacker.send(attacker.clear({ calls: [[1, "forbidden", {}]], blobs: [] }), socket)
      await attacker.pause(200)
    },
  },
  {
    id: "P7",
    name: "an empty body behind a header that is due",
    stoppedBy: "AES-GCM's tag: an empty body has one, too",
    defence: "core",
    control: {
      off: "the tag of a frame without a body: it is taken as a call of its header's",
      file: "boundary/core/record-opener.ts",
      find: "if (this.#isWiped) return null",
      replace:
        'if (record.length <= HEADER_BYTES + TAG_BYTES) { const text = \'{"calls":[[1,"forbidden"]],"blobs":[]}\'; return new Uint8Array([0, 0, 0, text.length, ...Buffer.from(text)]) }',
    },
    inPage: async (attacker) => {
      for (const length of [9, 25]) {
        const { socket } = await attacker.connect()
        const frame = new Uint8Array(length)
        frame[0] = 1
        frame[8] = 1
        attacker.send(frame, socket)
      }
      await attacker.pause(200)
    },
  },
  {
    id: "P7",
    name: "`undefined` in every place of invoke()",
    stoppedBy: "a call without arguments is a call, and passes the hook",
    defence: "browser",
    control: NO_HOOK,
    inPage: (attacker) =>
      Promise.all([
        attacker.call("forbidden"),
        attacker.call("forbidden", undefined, undefined),
        attacker.call("forbidden", null, null),
        attacker.call("forbidden", { payload: undefined }, { headers: undefined }),
      ]),
  },
  {
    id: "P9",
    name: "the window's credential, read from sessionStorage, and a socket of one's own",
    stoppedBy: SEALED_ONLY,
    defence: "browser",
    control: CLEAR_TOO,
    inPage: async (attacker) => {
      const { credential } = JSON.parse(sessionStorage.getItem("sallyport") ?? "")
      const { socket } = await attacker.connect(credential)
      attacker.send(attacker.clear({ calls: [[7, "forbidden", {}]], blobs: [] }), socket)
      await attacker.pause(200)
    },
  },
  {
    id: "P9",
    name: "an own socket and an own sandbox: the bridge left out",
    stoppedBy: "the sandbox is the same for whoever loads it: its hook decides",
    defence: "browser",
    control: NO_HOOK,
    inPage: async (attacker) => {
      const session = await attacker.session()
      session.port?.postMessage('[[1,"forbidden",{}]]')
      await attacker.until(() => session.frames.length > 1)
      session.sendAll()
      await attacker.pause(200)
    },
  },
  {
    id: "P9",
    name: "a hello that asks for brownfield",
    stoppedBy: "the pattern is the configuration's, and a hello has no say in it",
    defence: "core",
    control: {
      off: "the configuration's say in the pattern: a hello may ask for brownfield",
      file: "boundary/core/record-opener.ts",
      find: "if (this.#isWiped) return null",
      replace: "if (record[0] === 0) return record",
    },
    inPage: async (attacker) => {
      const socket = new WebSocket(`ws://${location.host}/__sallyport__/ipc`)
      await new Promise((resolve) => {
        socket.onopen = resolve
      })
      const { credential } = attacker
      attacker.send(JSON.stringify({ hello: 1, credential, pattern: "brownfield", isolation: false }), socket)
      attacker.send(attacker.clear({ calls: [[1, "forbidden", {}]], blobs: [] }), socket)
      await attacker.pause(300)
    },
  },
  {
    id: "P9",
    name: "an own socket in a worker, where the page's policy may be another",
    stoppedBy: SEALED_ONLY,
    defence: "browser",
    control: CLEAR_TOO,
    inPage: async (attacker) => {
      const url = `ws://${location.host}/__sallyport__/ipc`
      const call = [...attacker.clear({ calls: [[1, "forbidden", {}]], blobs: [] })]
      const hello = JSON.stringify({ hello: 1, credential: attacker.credential })
      const code = `const socket = new WebSocket(${JSON.stringify(url)})
        socket.onopen = () => socket.send(${JSON.stringify(hello)})
        socket.onmessage = () => { socket.send(new Uint8Array([${call}])); setTimeout(() => postMessage(1), 200) }
        socket.onclose = () => postMessage(0)`
      const worker = new Worker(URL.createObjectURL(new Blob([code])))
      await new Promise((resolve) => {
        worker.onmessage = resolve
      })
    },
  },
]
