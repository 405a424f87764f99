import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { build, type Plugin } from "esbuild"
import { bundle, SCRIPTS } from "./embed.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Texts that stand in the place of files, by their paths under `src/`. */
export type Texts = Map<string, string>

/** What an app imports, as one module: the plugins share with the Core what it keeps for itself. */
const ENTRY = `export * from "./src/index.ts"
export { fs } from "./src/plugins/fs/index.ts"
export { store } from "./src/plugins/store/index.ts"`

/**
 * Bundles the source into one module as it is shipped, packages left out: what stands for `src/index.ts` and the plugins in a test
 * or a measurement that needs another source than the one there is.
 *
 * @param embedding how our own scripts for browsers are made; `null`: as they were when the project was built
 */
export async function bundleSource(texts: Texts, embedding: Plugin | null): Promise<string> {
  if (embedding !== null)
    // Tauri's own JavaScript is none of ours.
    for (const script of SCRIPTS)
      if (script.of === undefined)
        texts.set(
          `embedded/${script.name}.ts`,
          `export const ${script.constant} = ${JSON.stringify(await bundle(script, [embedding]))}`,
        )
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: ENTRY, resolveDir: root, loader: "ts" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node22",
    write: false,
    plugins: [inPlaceOf(texts)],
  })
  return outputFiles[0]?.text ?? ""
}

/** Has the bundler take texts in the place of files. */
export function inPlaceOf(texts: Texts): Plugin {
  const source = join(root, "src")
  return {
    name: "other texts",
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = texts.get(relative(source, path).replaceAll("\\", "/"))
        return contents === undefined ? undefined : { contents, loader: "ts" }
      }),
  }
}
