import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { CommandError } from "../../run-command.ts"
import type { Relocated } from "./relocate.ts"

/** What is to become one module. */
export interface BundleJob {
  /** Absolute path of the Core. */
  readonly entry: string
  /** Absolute path of the folder that paths in messages are relative to. */
  readonly root: string
  /** Expressions by the names that nobody declares and they stand for. */
  readonly define: Readonly<Record<string, string>>
  /** What goes before everything: declares `sallyport_require` and `require`, which give what Node has and nothing else. */
  readonly banner: string
  /** A module's text as it is to be bundled, or `null`: as it is. */
  readonly transform: (text: string, file: string) => Relocated | null
}

export interface Bundle {
  /** One ES module that imports nothing but what Node has. */
  readonly code: string
  /** Absolute paths of what it was made of, sorted. */
  readonly sources: readonly string[]
  /** What the bundler says of it, a line each. */
  readonly warnings: readonly string[]
}

/** A program that makes one module of many. */
export interface Bundler {
  readonly name: "esbuild" | "rolldown"
  /** @throws AppBuildError */
  bundle(job: BundleJob): Promise<Bundle>
}

/** Where a module of a package is, from a folder; `null` when it is not installed there. */
export function installed(folder: string, module: string): string | null {
  try {
    return createRequire(join(folder, "package.json")).resolve(module)
  } catch {
    return null
  }
}

/**
 * The bundler that the project has: esbuild or Rolldown, as its own dependency or as Vite's. Sallyport brings none, so that an app that
 * is not built has none.
 *
 * @throws CommandError when there is none
 */
export async function findBundler(root: string): Promise<Bundler> {
  const vite = installed(root, "vite/package.json")
  const folders = [root, ...(vite === null ? [] : [join(vite, "..")])]
  for (const folder of folders) {
    const esbuild = installed(folder, "esbuild")
    if (esbuild !== null) {
      const { esbuildBundler } = await import("./esbuild.ts")
      return esbuildBundler(await load(esbuild))
    }
    const rolldown = installed(folder, "rolldown")
    if (rolldown !== null) {
      const { rolldownBundler } = await import("./rolldown.ts")
      return rolldownBundler(await load(rolldown))
    }
  }
  throw new CommandError(
    `${root}: found no bundler to put the Core into one file: install one with "npm install --save-dev esbuild" (Vite's is taken, too)`,
  )
}

/** A package of the project's. What it has is what its types say. */
async function load<Module>(file: string): Promise<Module> {
  return (await import(pathToFileURL(file).href)) as Module
}

/** Packages that find a native module when they run: a bundle has no place where they would look. */
const FIND_NATIVE =
  /[\\/]node_modules[\\/](bindings|node-gyp-build|@mapbox[\\/]node-pre-gyp|prebuild-install|node-pre-gyp)[\\/]/

/** Of the sources of a bundle, the packages that load native modules by a path that they make up. */
export function nativeFinders(sources: readonly string[]): readonly string[] {
  return [...new Set(sources.flatMap((file) => FIND_NATIVE.exec(file)?.[1] ?? []))]
}

/** What a module that is optional, and not installed, is in a bundle: missing there, too, wherever the bundle lies. */
export function missingModule(name: string): string {
  const message = JSON.stringify(`Cannot find module ${name}: it is not in this build`)
  // Each time that it is asked for: a bundler takes a module that has thrown once for one that is there.
  return `const fail = () => { throw Object.assign(new Error(${message}), { code: "MODULE_NOT_FOUND" }) }
Object.defineProperty(module, "exports", { get: fail })
fail()`
}

export const NATIVE =
  "a native module cannot be put into a bundle: leave out the package that has it, or start the app from its sources"
