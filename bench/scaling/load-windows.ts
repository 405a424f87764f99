import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { CoreProcess } from "../core/core-process.ts"
import type { FromLoad, ToLoad } from "./load-process.ts"
import { observe } from "./observe.ts"
import type { Point, Sweep } from "./sweep.ts"

const WINDOWS = [1, 2, 4, 8, 16, 32, 64]
const MS = 1500

/** Windows on one Core, each with as many calls on their way; played by a load generator, in a process of its own. */
export async function sweepWindows(): Promise<Sweep> {
  const points: Point[] = []
  for (const windows of WINDOWS) points.push(await takeWindows(windows))
  return {
    id: "windows",
    title: "Windows on one Core",
    what: "so many windows, played by a load generator that seals but runs no hook; each has 64 calls on their way, which leave in one frame",
    axis: "windows",
    label: (x) => `${x}`,
    lines: [{ name: "isolated", points }],
  }
}

/** @param ms how long it is measured */
export async function takeWindows(windows: number, ms: number = MS): Promise<Point> {
  const labels = Array.from({ length: windows }, (_, index) => `window-${index}`)
  const core = await CoreProcess.start({
    pattern: "isolation",
    hook: "window.__TAURI_ISOLATION_HOOK__ = null\n",
    labels,
  })
  const load = fork(fileURLToPath(new URL("load-process.ts", import.meta.url)), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", 2, "inherit", "ipc"],
  })
  const ask = async (question: ToLoad): Promise<Exclude<FromLoad, "ready">> => {
    load.send(question)
    const ended = once(load, "exit").then(([code]) => {
      throw new Error(`the load generator ended with ${code}`)
    })
    const [answer] = await Promise.race([once(load, "message"), ended])
    ended.catch(() => {})
    return answer
  }
  try {
    const links: string[] = []
    for (const label of labels) links.push(await core.launchUrl(label))
    await ask({ links })
    // One that does not count: compilers warm up.
    await ask({ ms: ms / 2 })
    const roles = new Map([
      [core.pid, "Core"],
      [load.pid ?? 0, "load generator"],
    ])
    const { result, ...busy } = await observe(roles, () => ask({ ms }))
    return { x: windows, ...result, ...busy }
  } finally {
    if (load.exitCode === null && load.signalCode === null) {
      const ended = once(load, "exit")
      load.disconnect()
      await ended
    }
    await core.close()
  }
}
