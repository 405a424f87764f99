/**
 * Compiles the scripts that run in browsers, the bridge, the sandbox's runtime and Tauri's own JavaScript as a global, to
 * one classic script each, and writes them as strings into src/embedded/, which is not in git.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build, type Plugin } from "esbuild"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Name of the module and its constant, the script it holds, and whose it is: a package of Tauri's, a file that says so. */
export const SCRIPTS: readonly {
  readonly name: string
  readonly constant: string
  readonly entry: string
  readonly of?: readonly [name: string, file: string]
}[] = [
  { name: "bridge", constant: "BRIDGE", entry: "src/page/bridge.ts" },
  { name: "sandbox", constant: "SANDBOX", entry: "src/boundary/sandbox/runtime.ts" },
  { name: "global-api", constant: "GLOBAL_API", entry: "src/page/global-api.ts", of: ["api", "core.js"] },
  { name: "global-fs", constant: "GLOBAL_FS", entry: "src/page/global-fs.ts", of: ["plugin-fs", "dist-js/index.js"] },
  {
    name: "global-opener",
    constant: "GLOBAL_OPENER",
    entry: "src/page/global-opener.ts",
    of: ["plugin-opener", "dist-js/index.js"],
  },
  {
    name: "global-store",
    constant: "GLOBAL_STORE",
    entry: "src/page/global-store.ts",
    of: ["plugin-store", "dist-js/index.js"],
  },
]

/**
 * Bundles one script; throws when it could not stand in a document as it is.
 *
 * @param notice a comment that it must begin with
 */
export async function bundle(entry: string, notice = "", plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    charset: "ascii",
    legalComments: "none",
    banner: { js: notice },
    plugins,
  })
  const script = (outputFiles[0]?.text ?? "").trim()
  // Either would end or change how an HTML parser reads the element (HTML, "restrictions for contents of script elements").
  if (/<\/script|<!--/i.test(script))
    throw new Error(`${entry}: a script that is inlined may hold neither "</script" nor "<!--"`)
  return script
}

export async function writeEmbedded(): Promise<void> {
  await mkdir(join(root, "src/embedded"), { recursive: true })
  for (const { name, constant, entry, of } of SCRIPTS) {
    const script = await bundle(entry, of === undefined ? "" : await tauriNotice(...of))
    const text = `/** Made by scripts/embed.ts from ${entry}. */\nexport const ${constant}: string = ${JSON.stringify(script)}\n`
    await writeFile(join(root, `src/embedded/${name}.ts`), text)
  }
}

/** Who wrote a package of Tauri's and under which terms it may be passed on, in the words of its own files. */
export async function tauriNotice(name: string, file: string): Promise<string> {
  const folder = `${root}node_modules/@tauri-apps/${name}/`
  const { version } = JSON.parse(await readFile(`${folder}package.json`, "utf8")) as { version: string }
  const lines = (await readFile(`${folder}${file}`, "utf8")).match(/^\/\/ (?:Copyright|SPDX-).*$/gm) ?? []
  if (lines.length < 2) throw new Error(`${folder}${file} names no license: look for it anew`)
  return `/*! @tauri-apps/${name} ${version} | ${lines.map((line) => line.slice(3)).join(" | ")} */`
}
