import { build } from "esbuild"

let bundled: Promise<string> | undefined

/** The toolbox as a classic script that sets the global `attacker`. */
export function toolboxScript(): Promise<string> {
  bundled ??= build({
    entryPoints: [new URL("toolbox.ts", import.meta.url).pathname],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "toolbox",
    footer: { js: "window.attacker = new toolbox.Toolbox()" },
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? "")
  return bundled
}
