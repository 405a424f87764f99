import { IsolationAppError } from "../../isolation-app/isolation-app-error.ts"
import type { WatchOptions } from "../../isolation-app/watch.ts"
import { type Command, defineCommand, UsageError } from "../command-line.ts"
import type { Terminal } from "../terminal.ts"
import type { ReportOptions } from "./report.ts"

export const build: Command = defineCommand({
  name: "build",
  summary: "Builds the isolation app: one page with all its scripts, and its lock.",
  description:
    "From src-isolation, in the project's folder or beside its configuration, into the folder that app.security.pattern.options.dir names. Types are taken " +
    "out of TypeScript, scripts are put into the page in their order, nothing is minified: the same source makes the same bytes. isolation.lock.json says what was built, " +
    "and an app that finds something else there does not start.\n\n" +
    "The folder is replaced as a whole, when the new one is complete and can start. What no build wrote is never replaced.\n\n" +
    "With --app the whole app is built: build.beforeBuildCommand is run, the isolation app built, and the Core (core.ts, core/main.ts or src-core/main.ts, or --core) bundled by the esbuild or Rolldown " +
    'that the project has, Vite\'s too. dist-app/folder then runs with "node main.js", wherever it is moved, without node_modules and sources; dist-app/executable holds one file that runs ' +
    "by itself, which is a copy of this Node with everything in it. The project needs postject for that.",
  positionals: "[DIR]",
  examples: [
    ["", "the isolation app of the project here"],
    ["--sign isolation-app.key", "with a signature: see sallyport keygen"],
    ["--watch", "again whenever its source changes"],
    ["--app", "the whole app, to be given to others"],
    ["--app --no-executable --out release", "only what runs with node main.js, into release/folder"],
  ],
  flags: {
    src: { type: "string", value: "DIR", help: "build from this folder" },
    sign: { type: "string", value: "FILE", help: "sign the lock with the private key in this file" },
    watch: { type: "boolean", short: "w", help: "build again whenever the source changes, until interrupted" },
    app: { type: "boolean", help: "build the whole app: frontend, isolation app, Core" },
    core: { type: "string", value: "FILE", help: "with --app: the program that calls createApp()" },
    out: {
      type: "string",
      value: "DIR",
      help: "with --app: build into this folder (default: dist-app in the project)",
    },
    "no-executable": { type: "boolean", help: "with --app: only what runs with Node" },
    json: { type: "boolean", help: "print each build, or what is wrong, as one line of JSON" },
  },
  exit: "Exit status: 0 built, 1 the source cannot be built, 2 wrong use.",
  async run({ flags, positionals: [start = ".", ...more], terminal }) {
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much: one project is built`)
    const { core, out } = flags
    if (flags.app) {
      if (flags.watch) throw new UsageError("--app and --watch: an app is built once; sallyport dev watches")
      return await buildWholeApp({ ...flags, start, withExecutable: !flags["no-executable"] }, terminal)
    }
    if (core !== undefined || out !== undefined || flags["no-executable"])
      throw new UsageError(
        `${core !== undefined ? "--core" : out !== undefined ? "--out" : "--no-executable"} goes with --app`,
      )
    const [{ findBuildPlace }, { shadowingPolicies }, { readKeyFile }, { reportBuild }, { buildIsolationApp }] =
      await Promise.all([
        import("./find-source.ts"),
        import("./tauri-policies.ts"),
        import("./read-key.ts"),
        import("./report.ts"),
        import("../../isolation-app/build.ts"),
      ])
    const { project, source, dir } = await findBuildPlace(start, flags.src)
    const warnings: string[] = []
    const warn = (warning: string): void => {
      warnings.push(warning)
      terminal.say(`${terminal.style("yellow", "warning")}: ${warning}`)
    }
    const key = flags.sign === undefined ? undefined : await readKeyFile(flags.sign, warn)
    for (const warning of shadowingPolicies(project)) warn(warning)
    const reporting = { json: flags.json, warnings }
    if (flags.watch) return await watch({ source, dir, key }, reporting, terminal)
    try {
      reportBuild(await buildIsolationApp({ source, dir, key }), reporting, terminal)
      return 0
    } catch (error) {
      if (!(error instanceof IsolationAppError)) throw error
      reportBuild(error, reporting, terminal)
      return 1
    }
  },
})

async function watch(options: WatchOptions, reporting: ReportOptions, terminal: Terminal): Promise<0> {
  const [{ watchIsolationApp }, { reportBuild }, { shownPath }] = await Promise.all([
    import("../../isolation-app/watch.ts"),
    import("./report.ts"),
    import("../shown-path.ts"),
  ])
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve())
  })
  const watching = watchIsolationApp(options, (result) => reportBuild(result, reporting, terminal))
  terminal.say(`watching ${shownPath(options.source)}; Ctrl+C ends it`)
  await interrupted
  await watching.close()
  return 0
}

interface WholeApp {
  readonly start: string
  readonly core: string | undefined
  readonly src: string | undefined
  readonly out: string | undefined
  readonly sign: string | undefined
  readonly withExecutable: boolean
  readonly json: boolean
}

async function buildWholeApp(options: WholeApp, terminal: Terminal): Promise<0 | 1> {
  const [{ buildApp }, { AppBuildError }, { reportAppBuild }, { readKeyFile }] = await Promise.all([
    import("./app/build-app.ts"),
    import("./app/app-build-error.ts"),
    import("./app/report.ts"),
    import("./read-key.ts"),
  ])
  const warnings: string[] = []
  const warn = (warning: string): void => {
    warnings.push(warning)
    terminal.say(`${terminal.style("yellow", "warning")}: ${warning}`)
  }
  const key = options.sign === undefined ? undefined : await readKeyFile(options.sign, warn)
  const reporting = { json: options.json, warnings }
  try {
    reportAppBuild(await buildApp({ ...options, key, say: (line) => terminal.say(line), warn }), reporting, terminal)
    return 0
  } catch (error) {
    if (!(error instanceof AppBuildError || error instanceof IsolationAppError)) throw error
    reportAppBuild(error, reporting, terminal)
    return 1
  }
}
