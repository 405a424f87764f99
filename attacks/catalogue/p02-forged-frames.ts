import type { Attack } from "../attack.ts"
import type { Toolbox } from "../toolbox.ts"
import { ANY_TAG, FORGIVING, KEY_IS_KNOWN } from "../weaknesses.ts"

/** What stands in place of a frame. */
type Forgery = readonly [what: string, forge: (attacker: Toolbox) => Promise<unknown>]

/** Each is sent on the bridge's own socket: a session that goes on has taken it. */
const NOISE: readonly Forgery[] = [
  ["random bytes", async (attacker) => attacker.send(crypto.getRandomValues(new Uint8Array(100)))],
  ["all zeros", async (attacker) => attacker.send(new Uint8Array(100))],
  ["nothing", async (attacker) => attacker.send(new Uint8Array(0))],
  [
    "a header alone",
    async (attacker) => attacker.send(new Uint8Array(attacker.frames[0] as ArrayBuffer).subarray(0, 9).slice()),
  ],
  ["text", async (attacker) => attacker.send('{"calls":[[1,"forbidden",{}]]}')],
  ["a hello, again", async (attacker) => attacker.send(JSON.stringify({ hello: 1, credential: attacker.credential }))],
  [
    "a frame without its last byte",
    async (attacker) => {
      attacker.isHolding = true
      void attacker.call("allowed")
      await attacker.until(() => attacker.held.length > 0)
      attacker.send(new Uint8Array(attacker.held[0] as ArrayBuffer).slice(0, -1))
    },
  ],
  [
    "a frame with a byte more",
    async (attacker) => {
      attacker.isHolding = true
      void attacker.call("allowed")
      await attacker.until(() => attacker.held.length > 0)
      attacker.send(new Uint8Array([...new Uint8Array(attacker.held[0] as ArrayBuffer), 0]))
    },
  ],
  [
    "a frame of another version",
    async (attacker) => {
      attacker.isHolding = true
      void attacker.call("allowed")
      await attacker.until(() => attacker.held.length > 0)
      const bytes = new Uint8Array(attacker.held[0] as ArrayBuffer)
      bytes[0] = 2
      attacker.send(bytes)
    },
  ],
]

/** P2: frames that no sandbox sealed. */
export const forgedFrames: readonly Attack[] = [
  ...NOISE.map(
    ([what, forge]): Attack => ({
      id: "P2",
      name: `${what}, in place of a frame`,
      stoppedBy: "AES-GCM's tag and the frame's exact header; the session ends",
      defence: "core",
      control: FORGIVING,
      steps: async ({ page }) => {
        await page.evaluate("await attacker.tap()")
        await page.evaluate(`await (${forge})(attacker)`)
        return page.evaluate<boolean>("return !(await attacker.isRefused(attacker.sockets[0]))")
      },
    }),
  ),
  {
    id: "P2",
    name: "every length from 0 to 64 bytes, each on a socket of its own",
    stoppedBy: "AES-GCM's tag and the frame's exact header; each session ends",
    defence: "core",
    control: FORGIVING,
    inPage: async (attacker) => {
      let open = 0
      for (let length = 0; length <= 64; length++) {
        const { socket } = await attacker.connect()
        attacker.send(new Uint8Array(length).fill(1), socket)
        if (!(await attacker.isRefused(socket))) open++
        socket.close()
        if (open > 0) break
      }
      return open
    },
    succeeded: (open) => open !== 0,
  },
  {
    id: "P2",
    name: "a call sealed with a key of all zeros",
    stoppedBy: "the session's key, derived from one that never leaves the Core",
    defence: "core",
    control: KEY_IS_KNOWN,
    inPage: async (attacker) => {
      const { socket, welcome } = await attacker.connect()
      const session = Uint8Array.from(atob(welcome.session.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
        c.charCodeAt(0),
      )
      attacker.send(await attacker.forge({ calls: [[1, "forbidden", {}]], blobs: [] }, { seq: 1, session }), socket)
      await attacker.pause(300)
    },
  },
  {
    id: "P2",
    name: "a sealed frame with one byte of its text changed",
    stoppedBy: "AES-GCM's tag",
    defence: "core",
    control: ANY_TAG,
    inPage: async (attacker) => {
      await attacker.tap()
      attacker.isHolding = true
      // GCM is a stream cipher: a known text is changed into another one by XOR.
      const known = `"allowed__"`
      const wanted = `"forbidden"`
      void attacker.call("allowed__")
      await attacker.until(() => attacker.held.length > 0)
      const bytes = new Uint8Array(attacker.held[0] as ArrayBuffer)
      // version, seq and length before the JSON; `{"calls":[[id,` before the name, whose id is the second of this page.
      const start = 9 + 4 + `{"calls":[[2,`.length
      for (let n = 0; n < known.length; n++)
        bytes[start + n] = (bytes[start + n] ?? 0) ^ known.charCodeAt(n) ^ wanted.charCodeAt(n)
      attacker.send(bytes)
      await attacker.pause(300)
    },
  },
]
