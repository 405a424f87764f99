/** `window.__TAURI__.store`, for `app.withGlobalTauri`: the JavaScript side of Tauri's plugin, where the app has one of that name. */
import * as store from "@tauri-apps/plugin-store"

Object.defineProperty(window.__TAURI__ ?? {}, "store", {
  value: { ...store },
  configurable: true,
  enumerable: true,
  writable: true,
})
