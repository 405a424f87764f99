import { isRecord, own } from "../../config/records.ts"
import type { Decision } from "../../core/decisions.ts"
import { type Watch, watchIsolationApp } from "../../isolation-app/watch.ts"
import { leaseProfiles } from "../../single-instance/profile-lease.ts"
import { readKeyFile } from "../build/read-key.ts"
import { reportBuild } from "../build/report.ts"
import { RunningCommand, readBeforeCommand } from "../project/before-command.ts"
import { CommandError } from "../run-command.ts"
import { shownPath } from "../shown-path.ts"
import type { Terminal } from "../terminal.ts"
import { decisionLine } from "./decision-line.ts"
import { DevCore } from "./dev-core.ts"
import { findCore } from "./find-core.ts"
import { type DevPlace, findDevPlace, lookAtConfig, lookAtFolder } from "./find-dev-place.ts"
import { waitForServer } from "./wait-for-server.ts"
import { lookAtFiles, watchFor } from "./watch-for.ts"

export interface DevOptions {
  /** A folder of the project, or its configuration. */
  readonly start: string
  readonly core: string | undefined
  readonly mock: string | undefined
  readonly src: string | undefined
  readonly sign: string | undefined
  readonly json: boolean
  readonly terminal: Terminal
}

/** Runs an app until its last window is closed or the process is interrupted. Nothing that was started is left then. */
export async function runDev(options: DevOptions): Promise<0> {
  const { terminal } = options
  const say = (line: string): void => terminal.say(line)
  const place = await findDevPlace(options.start, options.src)
  const { project, config } = place
  const program = await findCore(project, options.core, options.mock)
  const before = await readBeforeCommand(project, "beforeDevCommand")
  const key = options.sign === undefined ? undefined : await readKeyFile(options.sign, say)

  const over = new AbortController()
  const end = (): void => over.abort()
  // More than once: npm and the terminal each send one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end)
  const isOver = new Promise<void>((resolve) => over.signal.addEventListener("abort", () => resolve()))
  const toEnd: (() => Promise<void>)[] = []
  try {
    if (before !== null) {
      const command = new RunningCommand(before)
      toEnd.push(() => command.end())
      await begun(command, before.wait, config.devUrl, over.signal, say)
    } else if (config.devUrl !== null) await waitForServer(config.devUrl, over.signal, say)
    if (over.signal.aborted) return 0

    const lease = await leaseProfiles(config.identifier, say)
    toEnd.push(() => lease.release())
    const core = new DevCore({
      program,
      cwd: project.root,
      config: config.file,
      profiles: lease.profiles,
      say,
      decided: (decision) => print(decision, options),
      ended: end,
    })
    toEnd.push(() => core.end())
    const built = watchIsolation(place, { key, ...options }, (why) => {
      say(why)
      core.start(true)
    })
    toEnd.push(() => built.close())
    await Promise.race([built.first, isOver])
    if (over.signal.aborted) return 0
    say(`starting ${shownPath(program.file)}; Ctrl+C ends it`)
    core.start(false)
    const restarts = watchFor(
      () => lookAtFiles(core.files),
      (files) => {
        say(`${files.map((path) => shownPath(path)).join(", ")} changed: the Core starts anew`)
        core.start(false)
      },
    )
    toEnd.push(() => restarts.close())
    const configured = watchFor(
      () => lookAtConfig(config.file),
      () => void reconfigured(place, options, core, say),
    )
    toEnd.push(() => configured.close())
    await isOver
    return 0
  } finally {
    // The last that was started first: the frontend's server outlives what asks it.
    for (const endOne of toEnd.reverse()) await endOne()
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, end)
  }
}

function print(decision: Decision, { json, terminal }: DevOptions): void {
  if (json) return terminal.print(JSON.stringify(decision))
  const line = decisionLine(decision, terminal.style)
  if (line !== null) terminal.print(line)
}

/** Waits until the frontend can be had. */
async function begun(
  command: RunningCommand,
  wait: boolean,
  devUrl: string | null,
  over: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const ended = new AbortController()
  const tooEarly = command.ended.then((how) => {
    ended.abort()
    return how
  })
  const interrupted = new Promise<null>((resolve) => over.addEventListener("abort", () => resolve(null)))
  if (wait) {
    const how = await Promise.race([command.ended, interrupted])
    if (how !== null && how !== "ended with exit status 0")
      throw new CommandError(`build.beforeDevCommand ${how}, so the app is not started`)
  }
  if (devUrl === null || over.aborted) return
  const signal = wait ? over : AbortSignal.any([over, ended.signal])
  if (await waitForServer(devUrl, signal, say)) {
    if (!wait) tooEarly.then((how) => over.aborted || say(`build.beforeDevCommand ${how}`))
    return
  }
  if (over.aborted) return
  throw new CommandError(
    `build.beforeDevCommand ${await tooEarly}, and nothing listens at ${devUrl} (build.devUrl). ` +
      'If it starts a server that runs on by itself, say so: { "script": …, "wait": true }',
  )
}

interface Watched extends Watch {
  /** The isolation app can be used. */
  readonly first: Promise<void>
}

/** Tells when the isolation app is another one than before. */
function watchIsolation(
  { source, isolationDir }: DevPlace,
  { key, terminal }: Pick<DevOptions, "terminal"> & { readonly key: Parameters<typeof watchIsolationApp>[0]["key"] },
  changed: (why: string) => void,
): Watched {
  if (isolationDir === null) return { first: Promise.resolve(), close: async () => {} }
  if (source === null) {
    const watching = watchFor(
      () => lookAtFolder(isolationDir),
      () => changed(`${shownPath(isolationDir)} changed: pages load it again`),
    )
    return { first: Promise.resolve(), close: () => watching.close() }
  }
  let hasBuilt = false
  let resolveFirst: () => void
  const first = new Promise<void>((resolve) => {
    resolveFirst = resolve
  })
  const watch = watchIsolationApp({ source, dir: isolationDir, key }, (result) => {
    reportBuild(result, { json: false, warnings: [] }, { ...terminal, print: terminal.say })
    if (result instanceof Error) return
    if (hasBuilt && result.changed) changed(`${shownPath(source)} changed: pages load it again`)
    hasBuilt = true
    resolveFirst()
  })
  return { first, close: () => watch.close() }
}

/** The configuration has changed: what is wrong with it is said, and the app runs on. */
async function reconfigured(
  place: DevPlace,
  options: DevOptions,
  core: DevCore,
  say: (line: string) => void,
): Promise<void> {
  const file = shownPath(place.config.file)
  try {
    const now = await findDevPlace(options.start, options.src)
    say(`${file} changed: the Core starts anew, and pages load themselves again`)
    if (begins(now) !== begins(place))
      say("build, the identifier or app.security.pattern is another one now: for that, start sallyport dev anew")
    core.start(true)
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\nthe app runs on as it was`)
  }
}

/** What only the beginning of a run looks at. */
function begins({ config, project, source, isolationDir }: DevPlace): string {
  const build = isRecord(project.settings) ? own(project.settings, "build") : null
  return JSON.stringify([config.identifier, build, source, isolationDir])
}
