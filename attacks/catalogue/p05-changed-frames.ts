import type { Attack, Replacement } from "../attack.ts"
import { ANY_SEQUENCE, ANY_TAG, ONE_NONCE } from "../weaknesses.ts"

const ANY_HEADER: Replacement = {
  off: "the header of a frame as it came: the one that is due is taken for it",
  file: "boundary/core/record-opener.ts",
  find: "    claimed.set(whole.subarray(0, HEADER_BYTES), SESSION_ID_BYTES)\n",
  replace: "",
}

/** Part of a frame, as a range of its bytes for `slice`, and what is switched off to see a change there get through. */
const PARTS: readonly (readonly [what: string, range: string, control: Replacement])[] = [
  ["each bit of the header", "0, 9", ANY_HEADER],
  ["a bit of each byte of the ciphertext", "9, -16", ANY_TAG],
  ["a bit of each byte of the tag", "-16", ANY_TAG],
]

/** P5: frames that the sandbox sealed, changed on their way. Each change has a session of its own, and must end it. */
export const changedFrames: readonly Attack[] = [
  ...PARTS.map(
    ([what, range, control]): Attack => ({
      id: "P5",
      name: `${what} of a sealed frame, flipped one after the other`,
      stoppedBy: "AES-GCM's tag and the frame's exact header",
      defence: "core",
      control,
      steps: ({ page }) =>
        page.evaluate<boolean>(`
          const { frames } = await attacker.session()
          const indices = [...new Uint8Array(frames[0]).keys()].slice(${range})
          const flips = indices.flatMap((index) =>
            index < 9 ? [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => [index, bit]) : [[index, index % 8]])
          let taken = 0
          const worker = async () => {
            for (let flip = flips.pop(); flip !== undefined && taken === 0; flip = flips.pop()) {
              const { frames: [frame], socket, element } = await attacker.session()
              const bytes = new Uint8Array(frame)
              bytes[flip[0]] ^= 1 << flip[1]
              attacker.send(bytes, socket)
              if (!(await attacker.isRefused(socket))) taken++
              element.remove()
            }
          }
          await Promise.all([1, 2, 3, 4].map(worker))
          return taken > 0`),
    }),
  ),
  {
    id: "P5",
    name: "two frames spliced: the command of one, the arguments of the other",
    stoppedBy: "AES-GCM's tag, and a nonce for each frame",
    defence: "core",
    control: [ANY_TAG, ONE_NONCE],
    victim: { commands: ["note_path"] },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const { seal, frames, socket } = await attacker.session()
        // Both are as long, and the hook lets both through: this path it lets only the other command have.
        const [wanted, other] = [
          new Uint8Array(await seal([[11, "read_file", { path: "/notes/1234" }]])),
          new Uint8Array(await seal([[12, "note_path", { path: "/etc/passwd" }]])),
        ]
        const path = 9 + 4 + '{"calls":[[11,"read_file",{"path":"'.length
        wanted.set(other.subarray(path, path + 11), path)
        attacker.send(frames[0], socket)
        attacker.send(wanted, socket)
        await attacker.pause(300)`)
      return victim.ran.some(({ command, args }) => command === "read_file" && JSON.stringify(args).includes("/etc/"))
    },
  },
  {
    id: "P5",
    name: "a frame that comes in parts, with a part of another frame in place of its own",
    stoppedBy:
      "AES-GCM's tag covers all parts: nothing of a frame is looked at before all of it is there and authentic",
    defence: "core",
    control: [ANY_TAG, ONE_NONCE],
    victim: { limits: { jsonBytes: 1024 * 1024 } },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const { seal, frames, socket } = await attacker.session()
        const half = 512 * 1024
        const filled = (id, letter) => [[id, "allowed", { text: letter.repeat(half) }]]
        const [first, second] = [await seal(filled(11, "a")), await seal(filled(12, "b"))].map((frame) => new Uint8Array(frame))
        attacker.send(frames[0], socket)
        attacker.send(String(first.length), socket)
        attacker.send(first.slice(0, half), socket)
        attacker.send(second.slice(half), socket)
        await attacker.pause(500)`)
      return victim.ran.some(({ args }) => JSON.stringify(args).includes("b"))
    },
  },
  {
    id: "P5",
    name: "the numbers of two frames exchanged in their headers",
    stoppedBy: "the number is part of what AES-GCM's tag covers, and of its nonce",
    defence: "core",
    control: [ANY_SEQUENCE, ANY_TAG, ONE_NONCE],
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        const { seal, frames, socket } = await attacker.session()
        await seal([[1, "allowed", { n: 1 }]])
        await seal([[2, "allowed", { n: 2 }]])
        const [hook, first, second] = frames.map((frame) => new Uint8Array(frame))
        const header = first.slice(0, 9)
        first.set(second.subarray(0, 9))
        second.set(header)
        for (const frame of [hook, second, first]) attacker.send(frame, socket)
        await attacker.pause(300)`)
      return (victim.ran[0]?.args as { n?: number } | undefined)?.n === 2
    },
  },
]
