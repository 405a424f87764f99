import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Plugin } from "esbuild"
import { bundleSource } from "../../scripts/bundle-source.ts"

/**
 * The source as it is, bundled into one module as it is shipped, but not minified: a profile then names functions, and the
 * lines that the bundler leaves say which file each is from.
 *
 * @param folder inside the project, so that what the source imports is found
 * @returns URL of the module, which stands for `src/index.ts`
 */
export async function readableSource(folder: string): Promise<string> {
  const source = await bundleSource(new Map(), readable)
  await mkdir(folder, { recursive: true })
  const file = join(folder, "source.mjs")
  await writeFile(file, source)
  return pathToFileURL(file).href
}

const readable: Plugin = {
  name: "readable",
  setup: ({ initialOptions }) => {
    initialOptions.minify = false
  },
}
