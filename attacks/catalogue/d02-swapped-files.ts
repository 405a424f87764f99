import { rename, rm, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Attack, Replacement } from "../attack.ts"
import { EVIL_HOOK, LOCKED, startChanged } from "../changed-disk.ts"
import { pause } from "../stranger.ts"
import { HOOK, ISOLATION_PAGE } from "../victim-app.ts"
import { WindowClient } from "../window-client.ts"

const READ_AGAIN: Replacement = {
  off: "the one reading of each file: it is read for its hash, and again for its use",
  file: "isolation-app/folder.ts",
  find: "const bytes = this.#bytes.get(name) ?? this.#carried?.read(real)",
  replace: "const bytes = this.#carried?.read(real)",
}

const ANYWHERE: readonly Replacement[] = [
  {
    off: "the look at where a link leads",
    file: "isolation-app/folder.ts",
    find: "if (isInside(this.#root, real)) return real",
    replace: "if (this.#root !== real) return real",
  },
  {
    off: "the look at where a path leads",
    file: "isolation-app/folder.ts",
    find: "if (!isInside(this.dir, file))",
    replace: 'if (file === "")',
  },
]

/** Puts one thing after the other in a place, without a moment in which there is none, until it is told to stop. */
function swap(place: string, makers: readonly ((at: string) => Promise<unknown>)[]): { stop(): Promise<void> } {
  let isOver = false
  const swapping = (async () => {
    for (let turn = 0; !isOver; turn++) {
      const next = `${place}.${turn}`
      await makers[turn % makers.length]?.(next)
      await rename(next, place)
      await pause(0)
    }
  })()
  return {
    stop: () => {
      isOver = true
      return swapping
    },
  }
}

/** D2: files that are changed between their check and their use. */
export const swappedFiles: readonly Attack[] = [
  {
    where: "local",
    id: "D2",
    name: "the isolation app changed while the app runs",
    stoppedBy: "what was read at the start is what is served",
    control: {
      off: "the copy in memory: the hook is read for each frame",
      file: "isolation-app/isolation-app.ts",
      find: "render: (head) => before + head + after",
      replace: `render: (head) =>
      before + head + after + process.getBuiltinModule("node:fs").readFileSync(inspection.folder.dir + "/index.js", "utf8")`,
    },
    alone: true,
    steps: async (scene) => {
      const folder = join(scene.victim.folder, "isolation")
      await writeFile(join(folder, "index.js"), EVIL_HOOK)
      await writeFile(join(folder, "index.html"), `<script>${EVIL_HOOK}</script>`)
      const window = await WindowClient.open(scene)
      const session = await window.session()
      return session !== null && (await window.document(session)).body.includes("evil")
    },
  },
  {
    where: "local",
    id: "D2",
    name: "the hook swapped back and forth while the app starts, its files locked, eight times",
    stoppedBy: "each file is read once: what was hashed is what is used",
    control: READ_AGAIN,
    victim: LOCKED,
    alone: true,
    steps: async (scene) => {
      const { victim } = scene
      const hook = join(victim.folder, "isolation", "index.js")
      const swapping = swap(hook, [(at) => writeFile(at, HOOK), (at) => writeFile(at, EVIL_HOOK)])
      try {
        for (let starts = 0; starts < 8; starts++) {
          if ((await startChanged(victim, async () => {})) !== null) continue
          const window = await WindowClient.open(scene)
          const session = await window.session()
          if (session !== null && (await window.document(session)).body.includes("evil")) return true
        }
        return false
      } finally {
        await swapping.stop()
      }
    },
  },
  ...(
    [
      ["a hook that is a link out of the folder", "link", ISOLATION_PAGE],
      ["a page that loads a hook from outside of the folder", "path", '<script src="../evil.js"></script>'],
      ["a page that loads it so, in disguise", "path", '<script src="%2e%2e\\evil.js"></script>'],
    ] as const
  ).map(
    ([name, how, page]): Attack => ({
      where: "local",
      id: "D2",
      name,
      stoppedBy: "a file of the isolation app must be in its folder, as it is written and when links are followed",
      control: ANYWHERE,
      alone: true,
      steps: async ({ victim }) => {
        const said = await startChanged(victim, async () => {
          const folder = join(victim.folder, "isolation")
          await writeFile(join(victim.folder, "evil.js"), EVIL_HOOK)
          await writeFile(join(folder, "index.html"), page)
          await rm(join(folder, "index.js"))
          if (how === "link") await symlink("../evil.js", join(folder, "index.js"))
        })
        return said === null
      },
    }),
  ),
  {
    where: "local",
    id: "D2",
    name: "a file of the frontend swapped with a link out of its folder, while it is asked for",
    stoppedBy: "a file must really be in the folder, and what was looked at is what is opened",
    control: {
      off: "the look at where a file really is",
      file: "server/static-files.ts",
      find: "if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null",
      replace: "",
    },
    alone: true,
    steps: async (scene) => {
      const { victim, stranger } = scene
      const { headers } = await WindowClient.open(scene)
      const secret = join(victim.folder, "secret.txt")
      await writeFile(secret, "SECRET")
      const swapping = swap(join(victim.folder, "frontend", "note.txt"), [
        (at) => writeFile(at, "a note"),
        (at) => symlink(secret, at),
      ])
      try {
        for (let tries = 0; tries < 40; tries++) {
          const some = Array.from({ length: 20 }, () => stranger.ask("/note.txt", { headers }).catch(() => null))
          const answers = await Promise.all(some)
          if (answers.some((answer) => answer?.body.includes("SECRET"))) return true
        }
        return false
      } finally {
        await swapping.stop()
      }
    },
  },
]
