import { isAbsolute, relative, resolve } from "node:path"
import type { ErrorPayload, FullReloadPayload, Plugin, ResolvedConfig, ViteDevServer } from "vite"
import { findBuildPlace } from "./cli/build/find-source.ts"
import { readKeyFile } from "./cli/build/read-key.ts"
import { shadowingPolicies } from "./cli/build/tauri-policies.ts"
import { CommandError } from "./cli/run-command.ts"
import { type Build, type BuildOptions, buildIsolationApp } from "./isolation-app/build.ts"
import { IsolationAppError } from "./isolation-app/isolation-app-error.ts"
import { type Watch, watchIsolationApp } from "./isolation-app/watch.ts"

/** Paths are relative to Vite's `root`. */
export interface SallyportOptions {
  /** The configuration, or a folder of the project. Default: found from `root`, as the commands find it. */
  readonly config?: string
  /** The folder that the isolation app is built from. Default: `src-isolation`, beside `src-tauri` or the configuration. */
  readonly src?: string
  /** The file of the private key that signs the lock: see `sallyport keygen`. */
  readonly sign?: string
}

/**
 * Builds the isolation app with the frontend: before `vite build` does, and when Vite's server starts and whenever the source changes.
 * What is wrong with the source fails a build; the server shows it over the page and in the terminal, and the last good build stays.
 */
export function sallyport(options: SallyportOptions = {}): Plugin {
  let vite: ResolvedConfig
  // By its server: one that restarts has its successor before it ends.
  const watches = new WeakMap<ResolvedConfig, Watch>()
  return {
    name: "sallyport",
    configResolved: (config) => {
      vite = config
    },
    async buildStart() {
      // Vite starts a build for each environment, such as that of a server: one isolation app serves the client.
      if (vite.command !== "build" || this.environment.name !== "client") return
      const place = await findPlace(options, vite)
      try {
        const { sources } = await buildIsolationApp(place)
        for (const source of sources) this.addWatchFile(resolve(place.source, source))
      } catch (error) {
        if (!(error instanceof IsolationAppError)) throw error
        const { message, file: id } = error
        // A build that watches must see it mended.
        this.addWatchFile(id)
        this.error({ message, id })
      }
    },
    async configureServer(server) {
      watches.set(server.config, await watchFor(server, await findPlace(options, vite)))
    },
    async closeBundle() {
      await watches.get(this.environment.getTopLevelConfig())?.close()
    },
  }
}

/** @throws CommandError, ConfigError */
async function findPlace({ config, src, sign }: SallyportOptions, vite: ResolvedConfig): Promise<BuildOptions> {
  const { root, build, logger } = vite
  const inRoot = (path: string): string => resolve(root, path)
  const { project, source, dir } = await findBuildPlace(inRoot(config ?? "."), src === undefined ? src : inRoot(src))
  const outDir = inRoot(build.outDir)
  if (isInside(dir, outDir)) {
    throw new CommandError(
      `${project.config}: app.security.pattern.options.dir: ${dir} is in Vite's build.outDir, which Vite empties and serves: ` +
        "the isolation app needs a folder of its own",
    )
  }
  for (const warning of shadowingPolicies(project)) logger.warnOnce(warning)
  const key = sign === undefined ? undefined : await readKeyFile(inRoot(sign), (warning) => logger.warnOnce(warning))
  return { source, dir, key }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== ".."
}

/** Resolves after the first build: a page that is shown then has its isolation app. */
async function watchFor({ config: { logger }, ws }: ViteDevServer, place: BuildOptions): Promise<Watch> {
  let wrong: ErrorPayload | null = null
  // Vite's own `send` keeps a message that no page was there for until one comes, mended or not.
  const tell = (payload: ErrorPayload | FullReloadPayload): void => {
    for (const page of ws.clients) page.send(payload)
  }
  ws.on("connection", (socket) => {
    if (wrong !== null) socket.send(JSON.stringify(wrong))
  })
  return await new Promise((done) => {
    const watch = watchIsolationApp(place, (result: Build | Error) => {
      const wasWrong = wrong !== null
      if (result instanceof Error) {
        wrong = payloadOf(result)
        logger.error(result.message, { timestamp: true, error: result })
        tell(wrong)
      } else {
        wrong = null
        if (wasWrong || result.changed) {
          logger.info(`isolation app: built ${result.dir}`, { timestamp: true })
          tell({ type: "full-reload", path: "*" })
        }
      }
      done(watch)
    })
  })
}

function payloadOf(error: Error): ErrorPayload {
  const { message } = error
  const at = error instanceof IsolationAppError ? error : null
  return {
    type: "error",
    err: {
      message,
      stack: "",
      plugin: "sallyport",
      ...(at !== null && { id: at.file }),
      ...(at?.position && { loc: { file: at.file, ...at.position } }),
    },
  }
}
