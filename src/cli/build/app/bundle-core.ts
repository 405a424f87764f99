import { sep } from "node:path"
import { fileURLToPath } from "node:url"
import type { BuildFacts } from "../../../built-app.ts"
import { shownPath } from "../../shown-path.ts"
import { type Bundle, type Bundler, nativeFinders } from "./bundler.ts"
import { placeInBuild } from "./place-in-build.ts"
import { type Reference, relocate } from "./relocate.ts"

/** Sallyport's own modules: they know where the program is. */
const OWN = fileURLToPath(new URL("../../../", import.meta.url))
const INSTALLED = `${sep}node_modules${sep}`
const OWN_INSTALLED = `${INSTALLED}sallyport${sep}`

export interface BundledCore extends Bundle {
  /** Files that its modules read beside themselves, absolute. */
  readonly files: readonly string[]
}

/**
 * Bundles a Core with all that it imports.
 *
 * @param root the folder that becomes the program's
 * @param config absolute path of the configuration, to which the Core may refer
 * @throws AppBuildError
 */
export async function bundleCore(
  bundler: Bundler,
  { entry, root, facts, config }: { entry: string; root: string; facts: BuildFacts; config: string },
): Promise<BundledCore> {
  const references = new Map<string, readonly Reference[]>()
  const place = placeInBuild(root, entry)
  const bundle = await bundler.bundle({
    entry,
    root,
    define: {
      SALLYPORT_BUILD: JSON.stringify(facts),
      // Packages of the format that has these.
      __filename: "sallyport_filename",
      __dirname: "sallyport_dirname",
      // What `ws` would look for in every folder above the program, where anybody may have put it.
      "process.env.WS_NO_BUFFER_UTIL": '"1"',
      "process.env.WS_NO_UTF_8_VALIDATE": '"1"',
    },
    banner: bannerOf(place),
    transform: (text, file) => {
      if (file.startsWith(OWN) || file.includes(OWN_INSTALLED)) return null
      const relocated = relocate(text, file, placeInBuild(root, file), file === entry)
      if (relocated !== null) references.set(file, relocated.references)
      return relocated
    },
  })
  const used = bundle.sources.flatMap((file) => references.get(file) ?? [])
  const others = used.filter(({ what }) => what !== config)
  const native = nativeFinders(bundle.sources).map(
    (name) => `${name} looks for a native module when it runs, and a build has none: what needs it will fail`,
  )
  return {
    ...bundle,
    files: [...new Set(others.filter(({ kind }) => kind === "file").map(({ what }) => what))].sort(),
    warnings: [...bundle.warnings, ...native, ...others.flatMap((reference) => warningOf(reference) ?? [])],
  }
}

/** Before everything: names that bundled packages of the older format use, and a program's name as the Core knows it from its sources. */
function bannerOf(place: string): string {
  return `// Made by "sallyport build --app".
import { createRequire as sallyport_createRequire, isBuiltin as sallyport_isBuiltin } from "node:module";
import { dirname as sallyport_dirnameOf, join as sallyport_join } from "node:path";
import { fileURLToPath as sallyport_fileURLToPath } from "node:url";
const sallyport_filename = sallyport_fileURLToPath(import.meta.url);
const sallyport_dirname = sallyport_dirnameOf(sallyport_filename);
const sallyport_builtin = sallyport_createRequire(import.meta.url);
const sallyport_require = (name) => {
  if (sallyport_isBuiltin(name)) return sallyport_builtin(name);
  throw Object.assign(new Error("Cannot find module " + name + ": it is not in this build"), { code: "MODULE_NOT_FOUND" });
};
const require = sallyport_require;
process.argv[1] = sallyport_join(sallyport_dirname, ${JSON.stringify(place)});`
}

function warningOf({ module, line, column, kind, what }: Reference): string | null {
  // What packages do with what their users give them is theirs.
  if (module.includes(INSTALLED) && kind !== "file" && kind !== "program") return null
  const explained: Readonly<Record<Exclude<Reference["kind"], "file">, string>> = {
    folder: `${shownPath(what)} is not put into the build: import what the Core needs of it, or name its files one by one`,
    program: `${shownPath(what)} is a program of its own, which is not put into the build: give it another way to find it`,
    import: `what import(${what}) names is known when the app runs, and may not be in the build: write the names of modules out`,
    require: "what it gives is not put into the build: import the modules by name",
    meta: `import.meta${what === "import.meta" ? "" : `.${what}`} is that of the build, not of this file`,
  }
  return kind === "file" ? null : `${shownPath(module)}:${line}:${column}: ${explained[kind]}`
}
