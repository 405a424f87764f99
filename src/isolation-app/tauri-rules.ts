import { positionAt } from "./check-script.ts"
import type { Inspection } from "./inspect.ts"
import { IsolationAppError } from "./isolation-app-error.ts"
import { Page } from "./page.ts"

/**
 * What Tauri puts something else in the place of, wherever it stands in the page: its templates (`serialize-to-javascript`, in
 * `crates/tauri-utils/src/pattern/isolation.rs`), among them the key, and its nonces (`crates/tauri-utils/src/assets.rs`).
 */
const REPLACED = [
  "__TEMPLATE_origin__",
  "__TEMPLATE_runtime_aes_gcm_key__",
  "__RAW_process_ipc_message_fn__",
  "__TAURI_SCRIPT_NONCE__",
  "__TAURI_STYLE_NONCE__",
]

/** Attributes that have a browser fetch something. A script's `src` is gone by then. */
const FETCHING: Readonly<Record<string, readonly string[]>> = {
  link: ["href"],
  object: ["data"],
  ...Object.fromEntries(["img", "source"].map((name) => [name, ["src", "srcset"]])),
  ...Object.fromEntries(["iframe", "embed", "audio", "track", "input", "frame"].map((name) => [name, ["src"]])),
  video: ["src", "poster"],
}

/**
 * Refuses what an isolation app may have in Sallyport and not in Tauri.
 *
 * @throws IsolationAppError TAURI_REPLACES, REFERS_TO_FILE
 */
export function checkForTauri({ index, html, scripts }: Inspection): void {
  for (const { file, text, start } of [...scripts, { file: index, text: html, start: { line: 1, column: 1 } }]) {
    for (const name of REPLACED) {
      const at = text.indexOf(name)
      if (at !== -1) throw new IsolationAppError("TAURI_REPLACES", file, `this is ${name}`, positionAt(text, at, start))
    }
  }
  const page = new Page(html)
  for (const [name, attributes] of Object.entries(FETCHING)) {
    for (const element of page.elements(name)) {
      for (const attribute of attributes) {
        const value = element.attributes.get(attribute)?.trim()
        if (value === undefined || value === "" || /^data:/i.test(value)) continue
        const what = `<${name} ${attribute}=${JSON.stringify(value)}> refers to another file`
        throw new IsolationAppError("REFERS_TO_FILE", index, what, element.position)
      }
    }
  }
}
