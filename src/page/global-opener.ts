/** `window.__TAURI__.opener`, for `app.withGlobalTauri`: the JavaScript side of Tauri's plugin, where the app has one of that name. */
import * as opener from "@tauri-apps/plugin-opener"

Object.defineProperty(window.__TAURI__ ?? {}, "opener", {
  value: { ...opener },
  configurable: true,
  enumerable: true,
  writable: true,
})
