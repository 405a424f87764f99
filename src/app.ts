import type { AppWindow, ShowUrl } from "./app-window.ts"
import { readConfig } from "./config/config.ts"
import { openAuditLog } from "./core/audit-log.ts"
import { type Commands, checkCommands } from "./core/command.ts"
import { Core } from "./core/core.ts"
import { BRIDGE } from "./embedded/bridge.ts"
import { SANDBOX } from "./embedded/sandbox.ts"
import { readIsolationApp } from "./isolation-app/isolation-app.ts"
import { resolveLimits } from "./protocol/limits.ts"
import { RunningApp } from "./running-app.ts"
import { startServer } from "./server/server.ts"

export type { AppWindow, ShowUrl } from "./app-window.ts"

export interface AppOptions {
  /** Path of `tauri.conf.json`, or of its folder; by default it is looked for in the working directory and its `src-tauri`. */
  readonly config?: string | undefined
  /** What `invoke()` can reach, by name. */
  readonly commands: Commands
  /** Makes a configuration without the isolation pattern an error. Default: false. */
  readonly requireIsolation?: boolean | undefined
  /** Whether the app goes on when its last window is closed. Default: false. */
  readonly keepRunning?: boolean | undefined
  /** A file to which every decision is appended, as JSON lines. */
  readonly audit?: string | undefined
  /** Serves `build.devUrl` (a development server, with hot reload) instead of `build.frontendDist`. Default: false. */
  readonly dev?: boolean | undefined
  /** Takes what a person should read: the isolation app's console, warnings. Default: `console.error`. */
  readonly log?: ((line: string) => void) | undefined
}

/** A running app. */
export interface App {
  /** Where its pages are: `http://localhost:<port>`. */
  readonly origin: string
  readonly pattern: "isolation" | "brownfield"
  /**
   * Opens a window of `app.windows`.
   *
   * @param label default: `main`
   * @param show shows the URL it is given, which works once and for a minute; by default a browser is started on it
   * @throws Error for a label that the configuration does not have, and when the app is closed
   */
  open(label?: string, show?: ShowUrl): Promise<AppWindow>
  /** Ends the app: commands that run get their signal at once and five seconds to end, then every window is closed. */
  close(): Promise<void>
  /** Resolves when the app has ended. */
  readonly closed: Promise<void>
}

/**
 * Starts an app: reads its configuration and its isolation app, checks both, and listens on the loopback interface.
 * Nothing is shown before `open`.
 *
 * @throws ConfigError, IsolationAppError before anything listens
 */
export async function createApp(options: AppOptions): Promise<App> {
  checkCommands(options.commands)
  const dev = options.dev ?? false
  const config = await readConfig(options.config, undefined, { dev })
  const { pattern } = config
  if (options.requireIsolation && pattern.use !== "isolation")
    throw new Error(
      `${config.file}: app.security.pattern.use is "brownfield", and this app requires isolation: ` +
        `set app.security.pattern to { "use": "isolation", "options": { "dir": … } }`,
    )
  const isolationApp = pattern.use === "isolation" ? await readIsolationApp(pattern.dir) : null
  const log = options.log ?? ((line) => console.error(line))
  if (config.hasCapabilities) log(`${config.file}: this version of Sallyport does not enforce capabilities yet`)
  const audit =
    options.audit === undefined ? null : await openAuditLog(options.audit, (error) => log(`audit: ${error.message}`))
  try {
    const limits = resolveLimits(config.limits)
    const core = new Core({ commands: options.commands, pattern: pattern.use, limits, log })
    const server = await startServer({
      config,
      limits,
      gate: core,
      isolationApp,
      bridge: BRIDGE,
      sandbox: SANDBOX,
      dev,
      log,
    })
    return new RunningApp({ config, core, server, audit, dev, keepRunning: options.keepRunning ?? false, log })
  } catch (error) {
    await audit?.close()
    throw error
  }
}
