/** `window.__TAURI__.fs`, for `app.withGlobalTauri`: the JavaScript side of Tauri's plugin, where the app has one of that name. */
import * as fs from "@tauri-apps/plugin-fs"

Object.defineProperty(window.__TAURI__ ?? {}, "fs", {
  value: { ...fs },
  configurable: true,
  enumerable: true,
  writable: true,
})
