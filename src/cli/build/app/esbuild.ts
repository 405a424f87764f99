import { readFile } from "node:fs/promises"
import { isBuiltin } from "node:module"
import { join } from "node:path"
import type { BuildFailure, Message, Plugin } from "esbuild"
import { AppBuildError } from "./app-build-error.ts"
import { type Bundle, type BundleJob, type Bundler, missingModule, NATIVE } from "./bundler.ts"

type Esbuild = typeof import("esbuild")

export function esbuildBundler(esbuild: Esbuild): Bundler {
  return { name: "esbuild", bundle: (job) => bundle(esbuild, job) }
}

async function bundle(esbuild: Esbuild, job: BundleJob): Promise<Bundle> {
  try {
    const { outputFiles, metafile, warnings } = await esbuild.build({
      absWorkingDir: job.root,
      entryPoints: [job.entry],
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "esm",
      target: "node22",
      charset: "utf8",
      // Node's own, so that a package is the one that runs from its sources.
      conditions: [],
      legalComments: "inline",
      logLevel: "silent",
      define: { ...job.define },
      banner: { js: job.banner },
      plugins: [sources(job)],
    })
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
    const outside = imports.find(({ path, external }) => external === true && !isBuiltin(path))
    if (outside !== undefined) throw new AppBuildError("BUNDLE", `${outside.path} could not be put into the bundle`)
    const inputs = Object.keys(metafile.inputs).filter((path) => !path.includes(":"))
    return {
      code: outputFiles[0]?.text ?? "",
      sources: inputs.map((path) => join(job.root, path)).sort(),
      warnings: warnings.map(inOneLine),
    }
  } catch (error) {
    if (!isFailure(error)) throw error
    throw new AppBuildError("BUNDLE", `the Core cannot be bundled:\n${error.errors.map(inOneLine).join("\n")}`)
  }
}

function sources({ transform }: BundleJob): Plugin {
  const seen = Symbol("seen")
  return {
    name: "sallyport",
    setup(build) {
      // A package that does without another where that is not installed must not look for it where the app is run.
      build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...args }) => {
        const isOptional = args.kind === "require-call" || args.kind === "require-resolve"
        const isPackages = /[\\/]node_modules[\\/]/.test(args.importer)
        if (pluginData === seen || isBuiltin(path) || !isPackages) return undefined
        if (!isOptional && args.kind !== "dynamic-import") return undefined
        const found = await build.resolve(path, { ...args, pluginData: seen })
        return found.errors.length === 0 ? found : { path, namespace: "missing" }
      })
      build.onLoad({ filter: /.*/, namespace: "missing" }, ({ path }) => ({ contents: missingModule(path) }))
      build.onLoad({ filter: /\.node$/ }, () => ({ errors: [{ text: NATIVE }] }))
      build.onLoad({ filter: /\.[cm]?[jt]s$/, namespace: "file" }, async ({ path }) => {
        const relocated = transform(await readFile(path, "utf8"), path)
        return relocated === null ? undefined : { contents: relocated.code, loader: "js" }
      })
    },
  }
}

const isFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && "errors" in error && Array.isArray(error.errors)

function inOneLine({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`
}
