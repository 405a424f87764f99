import { spawnSync } from "node:child_process"
import { chmod, readdir, stat } from "node:fs/promises"
import { connect, type Socket } from "node:net"
import { join, relative, sep } from "node:path"
import type { Attack, LocalScene, Replacement } from "../attack.ts"
import { pause, until } from "../stranger.ts"
import type { Victim } from "../victim-process.ts"

/** Windows are shown as they are by default, which is by no browser here. */
const BROWSER = { browser: "#!/bin/sh\nexec sleep 600\n" }

const NO_CHECK: Replacement = {
  off: "the check of what a launch consists of",
  file: "single-instance/launch-message.ts",
  find: "  if (!Array.isArray(args) || args.length > LAUNCH_ARGUMENTS || !args.every(isText)) return null\n  return isText(cwd) && isAbsolute(cwd) ? { args: [...args], cwd } : null",
  replace: "  return { args: args as string[], cwd: cwd as string }",
}

const MALFORMED: readonly unknown[] = [
  { args: "--all", cwd: "/" },
  { args: { length: 1, 0: "a" }, cwd: "/" },
  { args: [{ toString: "a" }], cwd: "/" },
  { args: [["a"]], cwd: "/" },
  { args: ["a\0b"], cwd: "/" },
  { args: [], cwd: "../.." },
  { args: [], cwd: null },
  { args: Array(1025).fill(""), cwd: "/" },
]

const LAUNCH = { args: [], cwd: "/" }

/** Address of the socket on which an app waits for second launches. */
async function socketOf({ folder }: Victim): Promise<string> {
  const sockets = join(folder, "data", "org.sallyport.victim", "windows", "@instances")
  const paths = (await readdir(sockets)).map((name) => join(sockets, name))
  const ages = await Promise.all(paths.map(async (path) => ({ path, made: (await stat(path)).birthtimeMs })))
  // The socket that comes with the first window is that of the browser profiles.
  const [oldest] = ages.sort((left, right) => left.made - right.made)
  if (oldest === undefined) throw new Error("there is no socket")
  return oldest.path
}

async function open(victim: Victim): Promise<Socket> {
  const socket = connect(await socketOf(victim))
  // What comes of a connection is seen by its end.
  socket.on("error", () => {})
  return socket
}

/** Whether the app takes this as a launch. */
async function isTaken(victim: Victim, bytes: string | Buffer): Promise<boolean> {
  const socket = await open(victim)
  let answer = ""
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    answer += chunk
  })
  socket.write(bytes)
  await until(() => answer !== "" || socket.destroyed, 8000)
  socket.destroy()
  return answer.startsWith("opened")
}

const line = (launch: unknown): string => `${JSON.stringify(launch)}\n`

/** An attack that proves nothing where the app takes no launch at all. */
async function takesLaunches({ victim }: LocalScene): Promise<void> {
  if (!(await isTaken(victim, line(LAUNCH)))) throw new Error("the app takes no second launch")
}

/** Whether a process of another user can reach the socket. */
async function isOpenToOthers(victim: Victim): Promise<boolean> {
  const path = await socketOf(victim)
  // The folder of the test is its user's alone; the one of a user's data may not be.
  await chmod(victim.folder, 0o755)
  if (process.getuid?.() === 0) {
    const script = `require("net").connect(${JSON.stringify(path)}).on("connect", () => process.exit(7)).on("error", () => process.exit(8))`
    const ids = ["--reuid=65534", "--regid=65534", "--clear-groups"]
    const { status } = spawnSync("setpriv", [...ids, process.execPath, "-e", script])
    if (status !== 7 && status !== 8) throw new Error(`no process of another user could be started: ${status}`)
    return status === 7
  }
  // Only root can become another user; for anybody else the modes have to tell.
  let folder = victim.folder
  for (const name of relative(folder, path).split(sep).slice(0, -1)) {
    folder = join(folder, name)
    if (((await stat(folder)).mode & 0o001) === 0) return false
  }
  return ((await stat(path)).mode & 0o002) !== 0
}

/** N10: what another process sends to an app that waits for second launches of itself. */
export const secondLaunches: readonly Attack[] = [
  {
    where: "local",
    id: "N10",
    name: "a second launch by a process of another user",
    stoppedBy: "the socket is in a folder that its user alone can enter",
    control: [
      {
        off: "the mode of the folder",
        file: "single-instance/socket-folder.ts",
        find: "  mkdirSync(folder, { recursive: true, mode: 0o700 })\n",
        replace: "  mkdirSync(folder, { recursive: true, mode: 0o755 })\n",
      },
      {
        off: "its change to that mode",
        file: "single-instance/socket-folder.ts",
        find: "if ((mode & 0o777) !== 0o700) chmodSync",
        replace: "if (mode === 0) chmodSync",
      },
      {
        off: "the mode of the socket",
        file: "single-instance/claim.ts",
        find: "server.listen(path, () => {",
        replace: "server.listen({ path, readableAll: true, writableAll: true }, () => {",
      },
    ],
    victim: BROWSER,
    alone: true,
    steps: async ({ victim }) => isOpenToOthers(victim),
  },
  {
    where: "local",
    id: "N10",
    name: "second launches that are malformed: arguments that are no texts, too many, with a NUL; a folder that is no path",
    stoppedBy: "a launch is a list of texts and an absolute path, or it is no launch",
    control: NO_CHECK,
    victim: BROWSER,
    steps: async (scene) => {
      await takesLaunches(scene)
      for (const launch of MALFORMED) if (await isTaken(scene.victim, line(launch))) return true
      return false
    },
  },
  {
    where: "local",
    id: "N10",
    name: "a second launch of 32 MiB",
    stoppedBy: "a launch has at most 64 KiB: a connection that sends more is ended",
    control: [
      {
        off: "the limit of what a connection may send",
        file: "single-instance/first-instance.ts",
        find: "if (size > LAUNCH_BYTES + 1) return void socket.destroy()",
        replace: "",
      },
      {
        off: "the limit of a launch",
        file: "single-instance/launch-message.ts",
        find: "if (line.length > LAUNCH_BYTES) return null",
        replace: "",
      },
    ],
    victim: BROWSER,
    steps: async (scene) => {
      await takesLaunches(scene)
      return isTaken(scene.victim, line({ args: ["x".repeat(32 * 1024 * 1024)], cwd: "/" }))
    },
  },
  {
    where: "local",
    id: "N10",
    name: "connections that stay and send nothing, so that an honest launch finds no place",
    stoppedBy: "a connection that has not sent its launch after a second is ended",
    control: {
      off: "the end of a connection that sends nothing",
      file: "single-instance/first-instance.ts",
      find: "const late = setTimeout(() => socket.destroy(), LAUNCH_MS)",
      replace: "const late = setTimeout(() => {}, LAUNCH_MS)",
    },
    victim: BROWSER,
    alone: true,
    steps: async (scene) => {
      const { victim } = scene
      await takesLaunches(scene)
      const silent = await Promise.all(Array.from({ length: 64 }, () => open(victim)))
      try {
        for (let tries = 0; tries < 8; tries++) {
          await pause(500)
          if (await isTaken(victim, line(LAUNCH))) return false
        }
        return true
      } finally {
        for (const socket of silent) socket.destroy()
      }
    },
  },
]
