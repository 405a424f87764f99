import { parse } from "acorn"
import type { Config } from "./config/config.ts"
import { inherited } from "./core/inherited.ts"
import type { Plugin } from "./core/plugin.ts"
import { GLOBAL_API } from "./embedded/global-api.ts"
import { GLOBAL_FS } from "./embedded/global-fs.ts"
import { GLOBAL_OPENER } from "./embedded/global-opener.ts"
import { GLOBAL_STORE } from "./embedded/global-store.ts"

/** What Tauri's plugins add to `window.__TAURI__`, by their names. */
const GLOBAL_PLUGINS: ReadonlyMap<string, string> = new Map([
  ["fs", GLOBAL_FS],
  ["opener", GLOBAL_OPENER],
  ["store", GLOBAL_STORE],
])

/**
 * Scripts for every page, in their order, after the bridge and before the page's own: Tauri's API as a global, where the
 * configuration asks for it, with that of its plugins which the app has, and the scripts of plugins themselves. Each becomes an element of its own, so that one that throws stops none.
 *
 * @throws TypeError for a plugin's script that would not run
 */
export function pageScripts(config: Config, plugins: readonly Plugin[]): readonly string[] {
  const scripts = plugins.flatMap((plugin) => {
    const initScript = inherited(plugin, "initScript")
    return initScript === undefined ? [] : readScript(plugin.name, initScript)
  })
  if (!config.withGlobalTauri) return scripts
  return [GLOBAL_API, ...plugins.flatMap(({ name }) => GLOBAL_PLUGINS.get(name) ?? []), ...scripts]
}

/** In a function of its own, as Tauri does it: what one script declares is not in the way of another. */
function readScript(plugin: string, initScript: unknown): string {
  const refuse = (why: string): never => {
    throw new TypeError(`the plugin "${plugin}" has an initScript that ${why}`)
  }
  if (typeof initScript !== "string") return refuse(`is no text but ${typeof initScript}`)
  // What a browser hashes has line feeds only (HTML Standard, 13.2.3.5).
  const text = initScript.replaceAll(/\r\n?/g, "\n")
  if (/<\/script|<!--/i.test(text))
    refuse(`holds "</script" or "<!--", where a browser would not end it where it ends: write "<\\/script", "<\\!--"`)
  const script = `(function(){\n${inAscii(text)}\n})()`
  try {
    parse(text, { ecmaVersion: "latest", sourceType: "script", allowReturnOutsideFunction: true })
    parse(script, { ecmaVersion: "latest", sourceType: "script" })
  } catch (error) {
    refuse(`does not parse as a classic script: ${(error as Error).message}`)
  }
  return script
}

/** It goes into documents of every encoding. Where text beyond ASCII may stand in a script, its escape may too. */
function inAscii(text: string): string {
  return text.replaceAll(
    /[^\t\n\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}
