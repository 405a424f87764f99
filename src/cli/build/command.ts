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
    "The folder is replaced as a whole, when the new one is complete and can start. What no build wrote is never replaced.",
  positionals: "[DIR]",
  examples: [
    ["", "the isolation app of the project here"],
    ["--sign isolation-app.key", "with a signature: see sallyport keygen"],
    ["--watch", "again whenever its source changes"],
  ],
  flags: {
    src: { type: "string", value: "DIR", help: "build from this folder" },
    sign: { type: "string", value: "FILE", help: "sign the lock with the private key in this file" },
    watch: { type: "boolean", short: "w", help: "build again whenever the source changes, until interrupted" },
    json: { type: "boolean", help: "print each build, or what is wrong, as one line of JSON" },
  },
  exit: "Exit status: 0 built, 1 the source cannot be built, 2 wrong use.",
  async run({ flags, positionals: [start = ".", ...more], terminal }) {
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much: one project is built`)
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
