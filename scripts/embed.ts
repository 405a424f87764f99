/**
 * Compiles the scripts that run in browsers, the bridge, the sandbox's runtime and Tauri's own JavaScript as a global, to
 * one classic script each, and writes them as strings into src/embedded/, which is not in git.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build, type Plugin } from "esbuild"
import { TARGETS } from "./browser-support.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** A script and the module that holds it. */
export interface Script {
  readonly name: string
  readonly constant: string
  readonly entry: string
  /** Not minified: comments, names and lines are as in the source. */
  readonly isReadable?: boolean
  /** The package of Tauri's that it is, and a file that says so. */
  readonly of?: readonly [name: string, file: string]
}

export const SCRIPTS: readonly Script[] = [
  { name: "bridge", constant: "BRIDGE", entry: "src/page/bridge.ts" },
  // For `sallyport dev`.
  { name: "readable-bridge", constant: "READABLE_BRIDGE", entry: "src/page/bridge.ts", isReadable: true },
  // People inspect it in the browser's tools.
  { name: "sandbox", constant: "SANDBOX", entry: "src/boundary/sandbox/runtime.ts", isReadable: true },
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

/** Bundles one script. Throws if it cannot be inlined in a document as it is. */
export async function bundle({ entry, of, isReadable = false }: Script, plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: [...TARGETS],
    minify: !isReadable,
    charset: "ascii",
    legalComments: isReadable ? "inline" : "none",
    banner: { js: of === undefined ? "" : await tauriNotice(...of) },
    plugins: isReadable ? [...plugins, keepComments] : plugins,
  })
  const text = (outputFiles[0]?.text ?? "").trim()
  const script = isReadable
    ? text.replaceAll(/^( *)\/(\*|\/)!/gm, (_, indent, sign) => `${indent}/${sign === "*" ? "**" : "/"}`)
    : text
  // Either would end or change how an HTML parser reads the element (HTML, "restrictions for contents of script elements").
  if (/<\/script|<!--/i.test(script))
    throw new Error(`${entry}: a script that is inlined may hold neither "</script" nor "<!--"`)
  return script
}

/** The bundler keeps only the comments of licenses, which it knows by an exclamation mark. */
const keepComments: Plugin = {
  name: "keep comments",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(/^( *)\/(\*\*|\/)(?= |\n)/gm, (_, indent, sign) =>
        sign === "/" ? `${indent}//!` : `${indent}/*!`,
      ),
      loader: "ts",
    })),
}

export async function writeEmbedded(): Promise<void> {
  await mkdir(join(root, "src/embedded"), { recursive: true })
  for (const each of SCRIPTS) {
    const { name, constant, entry } = each
    const script = await bundle(each)
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
