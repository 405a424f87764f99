import { createPublicKey, type KeyObject } from "node:crypto"
import { dirname, join, relative, resolve, sep } from "node:path"
import { BUILT_CONFIG } from "../../../built-app.ts"
import { type Config, readConfig } from "../../../config/config.ts"
import { findPlatformFile, kindOf } from "../../../config/find-file.ts"
import { readIsolationApp } from "../../../isolation-app/isolation-app.ts"
import { type CoreProgram, coresOf, findCore } from "../../dev/find-core.ts"
import { type DevPlace, findDevPlace } from "../../dev/find-dev-place.ts"
import { type BeforeCommand, RunningCommand, readBeforeCommand } from "../../project/before-command.ts"
import { findProject } from "../../project/find-project.ts"
import { CommandError } from "../../run-command.ts"
import { shownPath } from "../../shown-path.ts"
import { AppBuildError } from "./app-build-error.ts"
import { readParts } from "./app-parts.ts"
import { bundleCore } from "./bundle-core.ts"
import { findBundler } from "./bundler.ts"
import { executableName, findExecutableMaker, makeExecutable } from "./executable.ts"
import { isolationFiles } from "./isolation-files.ts"
import { LICENSES, licensesOf } from "./licenses.ts"
import { assertOutside, assertReplaceable, replaceOutput, writeParts } from "./output-folder.ts"
import { commonFolder, placeInBuild } from "./place-in-build.ts"

export interface AppBuildOptions {
  /** A folder of the project, or its configuration. */
  readonly start: string
  /** Paths that were given, relative to the working directory. */
  readonly core: string | undefined
  readonly src: string | undefined
  readonly out: string | undefined
  readonly key: KeyObject | undefined
  readonly withExecutable: boolean
  /** Told what is being done, and what should be known. */
  readonly say: (line: string) => void
  readonly warn: (warning: string) => void
}

/** Set for what a build runs before it: by it, a build that it starts itself would start itself again, without end. */
const WITHIN = "SALLYPORT_BUILDS_APP"

/** An app that was built. Paths are absolute. */
export interface AppBuild {
  readonly out: string
  /** What runs with `node main.js`. */
  readonly folder: string
  readonly executable: string | null
  readonly core: string
  /** Names of the files in `folder`, sorted. */
  readonly files: readonly string[]
  readonly signedBy: string | null
}

/**
 * Builds an app: `out` then holds a folder that runs with Node alone, and an executable that runs alone. The same sources make the same folder.
 *
 * @throws AppBuildError, IsolationAppError, CommandError, ConfigError
 */
export async function buildApp(options: AppBuildOptions): Promise<AppBuild> {
  const { say, warn, key } = options
  if (process.env[WITHIN] !== undefined)
    throw new CommandError(
      "this runs within sallyport build --app, which would run it again without end: take --app out of build.beforeBuildCommand",
    )
  const place = await findDevPlace(options.start, options.src, { withoutFrontend: true })
  const { project } = place
  const core = await findOneCore(place, options.core)
  const out = resolve(options.out ?? join(project.root, "dist-app"))
  await assertOutside(out, sourcesOf(place, core))
  await assertReplaceable(out)
  const bundler = await findBundler(project.root)
  const maker = options.withExecutable ? await findExecutableMaker(project.root) : null
  const before = await readBeforeCommand(project, "beforeBuildCommand")
  if (before !== null) await runBefore(before, say)

  const config = await withFrontend(place)
  const settings = (await findProject(config.file))?.settings
  const isolation = await isolationFiles(place, key, say)
  const root = commonFolder(project.root, dirname(core.file))
  const named = (path: string): string => relative(root, path).replaceAll(sep, "/")
  const facts = { config: named(config.file), cwd: named(project.root), platform: await platformOf(config.file) }
  say(`bundling ${shownPath(core.file)} with ${bundler.name}`)
  const bundle = await bundleCore(bundler, { entry: core.file, root, facts, config: config.file })
  for (const warning of bundle.warnings) warn(warning)
  if (maker !== null)
    for (const file of bundle.files)
      warn(`${shownPath(file)} is in the folder, and not in the executable, which has no files: import what is in it`)
  const beside = new Map(bundle.files.map((file) => [placeInBuild(root, file), file]))
  const parts = await readParts(settings, config, bundle.code, isolation?.files ?? null, beside)

  const licenses = new TextEncoder().encode(await licensesOf(project.root, bundle.sources))
  if (licenses.length > 0) parts.set(LICENSES, licenses)
  for (const [part, bytes] of parts)
    if (
      /^app\/(configuration\.json|capabilities\/|permissions\/)/.test(part) &&
      Buffer.from(bytes).includes("$RESOURCE")
    )
      warn(
        `${part} names $RESOURCE, the folder of the configuration: in a build it holds nothing but what the build put there`,
      )

  const name = executableName(config)
  await replaceOutput(out, async (staged) => {
    await writeParts(join(staged, "folder"), parts)
    // It is read as a launch will: what does not start is not put there.
    await startable(join(staged, "folder"), key)
    if (maker === null) return
    say(`making the executable ${name}`)
    const carried = [...parts.keys()].filter(
      (part) => !beside.has(part) && part !== "package.json" && part !== LICENSES,
    )
    await makeExecutable(maker, join(staged, "folder"), carried, join(staged, "executable", name))
    if (licenses.length > 0) await writeParts(join(staged, "executable"), new Map([[LICENSES, licenses]]))
  })
  return {
    out,
    folder: join(out, "folder"),
    executable: maker === null ? null : join(out, "executable", name),
    core: core.file,
    files: [...parts.keys()].sort(),
    signedBy: isolation?.signedBy ?? null,
  }
}

/** The Core, as `sallyport dev` finds it. What is shipped is not chosen by which of two names comes first. */
async function findOneCore({ project }: DevPlace, core: string | undefined): Promise<CoreProgram> {
  const [first, second] = core === undefined ? await coresOf(project.root) : []
  if (first !== undefined && second !== undefined)
    throw new CommandError(
      `${shownPath(first)} and ${shownPath(second)} could both be the Core: choose with --core FILE`,
    )
  if (core === undefined && first === undefined)
    throw new CommandError(
      `found no Core in ${project.root}: name the program that calls createApp(), with --core FILE. Without one there is nothing ` +
        "to build; the isolation app alone is built without --app",
    )
  return findCore(project, core, undefined)
}

function sourcesOf({ config, isolationDir, source }: DevPlace, core: CoreProgram): readonly string[] {
  const folder = dirname(config.file)
  const rights = ["capabilities", "permissions"].map((name) => join(folder, name))
  const paths = [core.file, config.file, config.frontendDist, isolationDir, source, ...rights]
  return paths.filter((path) => path !== null)
}

async function runBefore(command: BeforeCommand, say: (line: string) => void): Promise<void> {
  say(`running ${command.script}`)
  const running = new RunningCommand(command, { [WITHIN]: "1" })
  // It is in a group of its own, which the terminal's Ctrl+C does not reach.
  const interrupt = new AbortController()
  const end = (): void => interrupt.abort()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end)
  const interrupted = new Promise<string>((done) =>
    interrupt.signal.addEventListener("abort", () => done("was interrupted")),
  )
  try {
    const how = await Promise.race([running.ended, interrupted])
    if (how === "ended with exit status 0") return
    await running.end()
    throw new AppBuildError(
      "BEFORE_BUILD_COMMAND",
      `build.beforeBuildCommand (${command.script}) ${how}, so nothing is built: what it printed says why`,
    )
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, end)
  }
}

/** The configuration again, after what may have built the frontend. */
async function withFrontend({ config: { file } }: DevPlace): Promise<Config & { readonly frontendDist: string }> {
  const config = await readConfig(file)
  const { frontendDist } = config
  if (frontendDist === null)
    throw new CommandError(
      `${file}: build.frontendDist: found nothing, so there is no page to show: set it to the folder with index.html`,
    )
  return { ...config, frontendDist }
}

/** The system that a build is for: `null` when no system has a file of its own to be laid over the configuration. */
async function platformOf(file: string): Promise<string | null> {
  if ((await findPlatformFile(file)) !== null) return process.platform
  for (const name of ["linux", "macos", "windows", "android", "ios"])
    for (const ending of ["json", "json5"])
      if ((await kindOf(join(dirname(file), `tauri.${name}.conf.${ending}`))) === "file") return process.platform
  return null
}

async function startable(folder: string, key: KeyObject | undefined): Promise<void> {
  const { pattern } = await readConfig(join(folder, BUILT_CONFIG))
  if (pattern.use !== "isolation") return
  await readIsolationApp(pattern.dir, { publicKey: key === undefined ? undefined : createPublicKey(key) })
}
