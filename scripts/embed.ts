/**
 * Compiles the two scripts that run in browsers, the bridge and the sandbox's runtime, to one classic script each, and
 * writes them as strings into src/embedded/, which is not in git.
 */
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Name of the module and its constant, and the script it holds. */
const SCRIPTS = [
  { name: "bridge", constant: "BRIDGE", entry: "src/page/bridge.ts" },
  { name: "sandbox", constant: "SANDBOX", entry: "src/sandbox/runtime.ts" },
]

/** Bundles one script; throws when it could not stand in a document as it is. `folder`: the project's, or that of a copy. */
export async function bundle(entry: string, folder: string = root): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    charset: "ascii",
    legalComments: "none",
  })
  const script = (outputFiles[0]?.text ?? "").trim()
  // Either would end or change how an HTML parser reads the element (HTML, "restrictions for contents of script elements").
  if (/<\/script|<!--/i.test(script))
    throw new Error(`${entry}: a script that is inlined may hold neither "</script" nor "<!--"`)
  return script
}

export async function writeEmbedded(folder: string = root): Promise<void> {
  await mkdir(join(folder, "src/embedded"), { recursive: true })
  for (const { name, constant, entry } of SCRIPTS) {
    const script = await bundle(entry, folder)
    const text = `/** Made by scripts/embed.ts from ${entry}. */\nexport const ${constant}: string = ${JSON.stringify(script)}\n`
    await writeFile(join(folder, `src/embedded/${name}.ts`), text)
  }
}
