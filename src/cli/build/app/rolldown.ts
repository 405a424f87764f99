import { isBuiltin } from "node:module"
import { isAbsolute } from "node:path"
import type { Plugin, RolldownLog } from "rolldown"
import { AppBuildError } from "./app-build-error.ts"
import { type Bundle, type BundleJob, type Bundler, missingModule, NATIVE } from "./bundler.ts"

type Rolldown = typeof import("rolldown")

export function rolldownBundler({ rolldown }: Rolldown): Bundler {
  return { name: "rolldown", bundle: (job) => bundle(rolldown, job) }
}

async function bundle(rolldown: Rolldown["rolldown"], job: BundleJob): Promise<Bundle> {
  const warnings: string[] = []
  try {
    const build = await rolldown({
      input: job.entry,
      cwd: job.root,
      platform: "node",
      // Node's own, so that a package is the one that runs from its sources.
      resolve: { conditionNames: ["node"] },
      transform: { target: "node22", define: { ...job.define } },
      plugins: [sources(job)],
      onLog: (level, log) => void (level === "warn" && warnings.push(inOneLine(log))),
    })
    const { output } = await build.generate({ format: "esm", codeSplitting: false, banner: job.banner })
    await build.close()
    const [chunk] = output
    // A module that is imported when the app runs is in the one chunk, which then imports from itself.
    const imports = [...chunk.imports, ...chunk.dynamicImports].filter((path) => path !== chunk.fileName)
    const outside = imports.find((path) => !isBuiltin(path))
    if (outside !== undefined) throw new AppBuildError("BUNDLE", `${outside} could not be put into the bundle`)
    return { code: chunk.code, sources: chunk.moduleIds.filter((id) => isAbsolute(id)).sort(), warnings }
  } catch (error) {
    if (error instanceof AppBuildError || !(error instanceof Error) || !("errors" in error)) throw error
    const errors = (error.errors as readonly RolldownLog[]).map(inOneLine)
    throw new AppBuildError("BUNDLE", `the Core cannot be bundled:\n${errors.join("\n")}`)
  }
}

/** Its own module, which makes a `require` that looks in every folder above the program. */
const RUNTIME = "\0rolldown/runtime.js"
const MISSING = "\0missing:"

function sources({ transform }: BundleJob): Plugin {
  return {
    name: "sallyport",
    // A package that does without another where that is not installed must not look for it where the app is run.
    resolveId: {
      order: "pre",
      async handler(source, importer, { kind, isEntry }) {
        if (isEntry || isBuiltin(source) || source.startsWith("\0")) return null
        const found = await this.resolve(source, importer, { skipSelf: true })
        if (found !== null && found.external === false) return found
        const isPackages = importer !== undefined && /[\\/]node_modules[\\/]/.test(importer)
        if (isPackages && kind !== "import-statement") return MISSING + source
        throw new Error(`Could not resolve "${source}" in ${importer ?? "the build"}`)
      },
    },
    load: (id) => {
      if (id.startsWith(MISSING)) return { code: missingModule(id.slice(MISSING.length)), moduleType: "js" }
      if (id.endsWith(".node")) throw new Error(NATIVE)
      return null
    },
    transform: {
      order: "pre",
      filter: { id: /\.[cm]?[jt]s$/ },
      handler(text, id) {
        if (id === RUNTIME) return text.replaceAll("createRequire(import.meta.url)", "sallyport_require")
        if (id.startsWith("\0")) return null
        const relocated = transform(text, id)
        return relocated === null ? null : { code: relocated.code, moduleType: "js" }
      },
    },
  }
}

function inOneLine({ message, id, loc }: RolldownLog): string {
  const [first = ""] = message.split("\n")
  const file = loc?.file ?? id
  return file === undefined ? first : `${file}${loc === undefined ? "" : `:${loc.line}:${loc.column + 1}`}: ${first}`
}
