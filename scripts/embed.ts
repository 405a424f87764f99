/**
 * Compiles the scripts that run in browsers, the bridge, the sandbox's runtime and Tauri's own API as a global, to one
 * classic script each, and writes them as strings into src/embedded/, which is not in git.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Name of the module and its constant, and the script it holds. */
const SCRIPTS = [
  { name: "bridge", constant: "BRIDGE", entry: "src/page/bridge.ts" },
  { name: "sandbox", constant: "SANDBOX", entry: "src/sandbox/runtime.ts" },
  { name: "global-api", constant: "GLOBAL_API", entry: "src/page/global-api.ts", notice: tauriNotice },
]

/**
 * Bundles one script; throws when it could not stand in a document as it is.
 *
 * @param folder the project's, or that of a copy
 * @param notice a comment that it must begin with
 */
export async function bundle(entry: string, folder: string = root, notice = ""): Promise<string> {
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
    banner: { js: notice },
  })
  const script = (outputFiles[0]?.text ?? "").trim()
  // Either would end or change how an HTML parser reads the element (HTML, "restrictions for contents of script elements").
  if (/<\/script|<!--/i.test(script))
    throw new Error(`${entry}: a script that is inlined may hold neither "</script" nor "<!--"`)
  return script
}

export async function writeEmbedded(folder: string = root): Promise<void> {
  await mkdir(join(folder, "src/embedded"), { recursive: true })
  for (const { name, constant, entry, notice } of SCRIPTS) {
    const script = await bundle(entry, folder, await notice?.())
    const text = `/** Made by scripts/embed.ts from ${entry}. */\nexport const ${constant}: string = ${JSON.stringify(script)}\n`
    await writeFile(join(folder, `src/embedded/${name}.ts`), text)
  }
}

/** Who wrote `@tauri-apps/api` and under which terms it may be passed on, in the words of its own files. */
export async function tauriNotice(): Promise<string> {
  const folder = `${root}node_modules/@tauri-apps/api/`
  const { name, version } = JSON.parse(await readFile(`${folder}package.json`, "utf8")) as Record<string, string>
  const lines = (await readFile(`${folder}core.js`, "utf8")).match(/^\/\/ (?:Copyright|SPDX-).*$/gm) ?? []
  if (lines.length < 2) throw new Error(`${folder}core.js names no license: look for it anew`)
  return `/*! ${name} ${version} | ${lines.map((line) => line.slice(3)).join(" | ")} */`
}
