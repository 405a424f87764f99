import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build, type Plugin } from "esbuild"
import { bundle, SCRIPTS } from "../../scripts/embed.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/**
 * The source as it is, bundled into one module as it is shipped, but not minified: a profile then names functions, and the
 * lines that the bundler leaves say which file each is from.
 *
 * @param folder inside the project, so that what the source imports is found
 * @returns URL of the module, which stands for `src/index.ts`
 */
export async function readableSource(folder: string): Promise<string> {
  const embedded = new Map<string, string>()
  // Tauri's own JavaScript is none of ours.
  for (const { name, constant, entry, of } of SCRIPTS)
    if (of === undefined)
      embedded.set(
        join(root, "src/embedded", `${name}.ts`),
        `export const ${constant} = ${JSON.stringify(await bundle(entry, "", [readable]))}`,
      )
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/index.ts"],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node22",
    write: false,
    plugins: [inPlaceOf(embedded)],
  })
  await mkdir(folder, { recursive: true })
  const file = join(folder, "source.mjs")
  await writeFile(file, outputFiles[0]?.text ?? "")
  return pathToFileURL(file).href
}

const readable: Plugin = {
  name: "readable",
  setup: ({ initialOptions }) => {
    initialOptions.minify = false
  },
}

function inPlaceOf(texts: ReadonlyMap<string, string>): Plugin {
  return {
    name: "embedded",
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = texts.get(path)
        return contents === undefined ? undefined : { contents, loader: "ts" }
      }),
  }
}
