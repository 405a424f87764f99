import { createAccess } from "./app-access.ts"
import { takeInstance } from "./app-instance.ts"
import { type IsolationOptions, readRequiredIsolation } from "./app-isolation.ts"
import { appLog } from "./app-log.ts"
import { ownFiles } from "./app-own-files.ts"
import { startPlugins } from "./app-plugins.ts"
import type { AppWindow, ShowUrl } from "./app-window.ts"
import type { AppWindows } from "./app-windows.ts"
import { assetScope } from "./asset-scope.ts"
import { resolveLimits } from "./boundary/wire/limits.ts"
import { bare } from "./boundary/wire/own.ts"
import { builtApp } from "./built-app.ts"
import { type Config, readConfig } from "./config/config.ts"
import { openAuditLog } from "./core/audit-log.ts"
import type { AuditOptions } from "./core/audit-options.ts"
import { type Commands, checkCommands } from "./core/command.ts"
import { Core } from "./core/core.ts"
import type { EventTarget } from "./core/event-target.ts"
import { type EventHandler, Events } from "./core/events.ts"
import { checkPlugins, type Plugin } from "./core/plugin.ts"
import { type DevParent, devParent } from "./dev-parent.ts"
import { keepOwnFiles } from "./directories/own-files.ts"
import { BRIDGE } from "./embedded/bridge.ts"
import { READABLE_BRIDGE } from "./embedded/readable-bridge.ts"
import { SANDBOX } from "./embedded/sandbox.ts"
import type { MemoryFiles } from "./files/memory-files.ts"
import type { IsolationApp } from "./isolation-app/isolation-app.ts"
import { pageScripts } from "./page-scripts.ts"
import { appPlugin } from "./plugins/app.ts"
import { eventPlugin } from "./plugins/event.ts"
import { imagePlugin } from "./plugins/image.ts"
import { menuPlugin } from "./plugins/menu.ts"
import { pathPlugin } from "./plugins/path.ts"
import { resourcesPlugin } from "./plugins/resources.ts"
import { trayPlugin } from "./plugins/tray.ts"
import { webviewPlugin } from "./plugins/webview.ts"
import { windowPlugin } from "./plugins/window.ts"
import { RunningApp } from "./running-app.ts"
import { SecondApp } from "./second-app.ts"
import { type ServerIdentity, startServer } from "./server/server.ts"
import type { InstanceHold } from "./single-instance/first-instance.ts"
import type { SecondLaunch } from "./single-instance/launch-message.ts"

export type { IsolationOptions } from "./app-isolation.ts"
export type { AppWindow, ShownWindow, ShowUrl } from "./app-window.ts"
export { InstanceError } from "./single-instance/instance-error.ts"
export type { SecondLaunch } from "./single-instance/launch-message.ts"

export interface AppOptions {
  /**
   * Path of `tauri.conf.json`, or of its folder; by default it is looked for in the working directory and its `src-tauri`. An app that
   * `sallyport build --app` has built has the one that it was built with, wherever it runs, and any other is an error.
   */
  readonly config?: string | undefined
  /** What `invoke()` can reach, by name. */
  readonly commands: Commands
  /** Further commands in groups, called as `plugin:<name>|<command>`: Sallyport's own (`sallyport/plugins/fs`) and others. */
  readonly plugins?: readonly Plugin[] | undefined
  /** Makes a configuration without the isolation pattern an error. Default: false. */
  readonly requireIsolation?: boolean | undefined
  /** What the isolation app must be: by default whatever the configuration names, and what its lock says, if it has one. */
  readonly isolation?: IsolationOptions | undefined
  /**
   * How windows are shown, those that a page creates too: anything that can show a URL. By default each is a browser's. What
   * it returns, or resolves with, may have a method `close`, which then closes the window.
   */
  readonly show?: ShowUrl | undefined
  /**
   * Whether a second launch asks the first instance to open or focus its window. `false`: each launch is an app of its own, whose windows have browser
   * profiles of their own. Default: true, without `show`; an app that shows its windows by a function of its own is never a second one.
   */
  readonly singleInstance?: boolean | undefined
  /** Whether the app goes on when its last window is closed. Default: false. */
  readonly keepRunning?: boolean | undefined
  /** A file to which every decision is appended, as JSON lines; with options for how it is kept. */
  readonly audit?: string | AuditOptions | undefined
  /** Serves `build.devUrl` (a development server, with hot reload) instead of `build.frontendDist`. Default: false; always under `sallyport dev`, never in a built app. */
  readonly dev?: boolean | undefined
  /** Takes what a person should read: the isolation app's console, warnings. Default, and when it throws: `console.error`. */
  readonly log?: ((line: string) => void) | undefined
}

/** A running app. */
export interface App {
  /**
   * `true`: the app already ran, and was asked to open or focus its window. This one is closed: it has no pages, and windows that it opens are closed.
   */
  readonly second: boolean
  /** Where its pages are: `http://localhost:<port>`. Empty for a second launch. */
  readonly origin: string
  readonly pattern: "isolation" | "brownfield"
  /**
   * Opens a window of `app.windows`.
   *
   * @param label default: `main`
   * @param show shows the URL it is given, which works once and for a minute; by default as `createApp` was told
   * @throws Error for a label that the configuration does not have, and when the app is closed
   */
  open(label?: string, show?: ShowUrl): Promise<AppWindow>
  /**
   * Emits an event to every page that listens, and to the Core's own listeners.
   *
   * @param payload what JSON can hold
   * @throws Error for a name that no event can have, TypeError for a payload that cannot be turned into JSON
   */
  emit(event: string, payload?: unknown): void
  /** Emits an event for one target: a window's label, or any of Tauri's `EventTarget`s. Only that window's pages get it. */
  emitTo(target: EventTarget | string, event: string, payload?: unknown): void
  /**
   * Listens to events in the Core: by default to those that are for everybody or for the app.
   *
   * @returns what ends it
   */
  listen(event: string, handler: EventHandler, target?: EventTarget | string): () => void
  /**
   * Listens to second launches: of programs that are started with this app's identifier, by this user, from this configuration. The app then opens
   * its window, or raises the one that is open. Arguments and working directory are untrusted: any program of this user can send them.
   *
   * @returns what ends it
   */
  onSecondLaunch(listener: (launch: SecondLaunch) => void): () => void
  /** Ends the app as `close` does, and has the process end with `code` when nothing else keeps it. Pages call it as `app.exit()`. */
  exit(code: number): void
  /** Ends the app: commands that run get their signal at once and five seconds to end, then every window is closed. */
  close(): Promise<void>
  /** Resolves when the app has ended. */
  readonly closed: Promise<void>
}

/**
 * Starts an app: reads its configuration and its isolation app, checks both, and listens on the loopback interface.
 * Nothing is shown before `open`. When the app already runs, the result is closed, and `second` is true.
 *
 * @throws ConfigError, IsolationAppError, TypeError for a command or plugin that is none, before anything listens
 * @throws InstanceError when the app already runs and does not answer
 */
export async function createApp(given: AppOptions): Promise<App> {
  const options = bare(given)
  checkCommands(options.commands)
  checkPlugins(options.plugins ?? [])
  const built = builtApp(options.config)
  const parent = built === null ? devParent() : null
  const former = (await parent?.former())?.server ?? undefined
  const dev = built === null && (parent !== null || (options.dev ?? false))
  const carried = built?.carried ?? null
  const config = await readConfig(built?.config ?? options.config, undefined, bare({ dev, files: carried }))
  const { pattern } = config
  const isolationApp = await readRequiredIsolation(config, options, carried)
  requireFrontend(config, dev)
  const log = appLog(options.log)
  const instance = await takeInstance({ options, config, built, parent, log })
  if (instance === "second") return new SecondApp(pattern.use)
  try {
    return await startApp(options, { config, isolationApp, carried, dev, parent, former, instance, log })
  } catch (error) {
    await instance?.release()
    throw error
  }
}

/** What is known of an app before anything of it starts. */
interface AppStart {
  readonly config: Config
  readonly isolationApp: IsolationApp | null
  readonly carried: MemoryFiles | null
  readonly dev: boolean
  readonly parent: DevParent | null
  readonly former: ServerIdentity | undefined
  readonly instance: InstanceHold | null
  readonly log: (line: string) => void
}

/** Starts plugins, audit log and server. */
async function startApp(
  options: AppOptions,
  { config, isolationApp, carried, dev, parent, former, instance, log }: AppStart,
): Promise<App> {
  const { pattern } = config
  const events = new Events(log)
  let running: RunningApp | undefined
  const windows = (): AppWindows => {
    if (running === undefined) throw new Error("the app is still starting")
    return running.windows
  }
  const plugins = [
    eventPlugin(events),
    resourcesPlugin,
    pathPlugin,
    windowPlugin(windows),
    webviewPlugin(windows),
    appPlugin({ exit: (code) => running?.exit(code) }),
    imagePlugin(),
    menuPlugin,
    trayPlugin,
    ...(options.plugins ?? []),
  ]
  const scripts = pageScripts(config, plugins)
  const assets = assetScope(config)
  const audit = options.audit === undefined ? null : await openAuditLog(options.audit, log)
  const releaseOwnFiles = keepOwnFiles(ownFiles(config, audit))
  const closeAudit = async (): Promise<void> => {
    await audit?.close()
    releaseOwnFiles()
  }
  const started = await startPlugins(plugins, config, events, log).catch(async (error: unknown) => {
    await closeAudit()
    throw error
  })
  try {
    const limits = resolveLimits(config.limits)
    const commands = { ...options.commands, ...started.commands }
    const access = createAccess({
      config,
      commands: options.commands,
      plugins,
      pluginCommands: started.commands,
      scopeReaders: started.scopeReaders,
      log,
    })
    const core = new Core(bare({ commands, access, events, pattern: pattern.use, limits, log }))
    const server = await startServer(
      bare({
        config,
        limits,
        gate: core,
        isolationApp,
        bridge: dev ? READABLE_BRIDGE : BRIDGE,
        sandbox: SANDBOX,
        pageScripts: scripts,
        assets,
        carried,
        dev,
        log,
        former,
      }),
    )
    const keepRunning = options.keepRunning ?? false
    const { show } = options
    running = new RunningApp(
      bare({
        config,
        core,
        events,
        plugins: started,
        server,
        audit,
        dev,
        devParent: parent,
        instance,
        keepRunning,
        show,
        log,
      }),
    )
    void running.closed.then(releaseOwnFiles)
    return running
  } catch (error) {
    await started.close()
    await closeAudit()
    throw error
  }
}

/** A file for Tauri may leave it to `devUrl`; a window would show nothing then, and nobody would know why. */
function requireFrontend({ file, frontendDist, devUrl }: Config, dev: boolean): void {
  if (frontendDist !== null || (dev && devUrl !== null)) return
  const how = devUrl === null ? "" : ", or start with `dev: true` to use build.devUrl"
  throw new Error(
    `${file}: build.frontendDist: found nothing, so there is no page to show: set it to the folder with index.html${how}`,
  )
}
