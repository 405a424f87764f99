/**
 * `window.__TAURI__`, for `app.withGlobalTauri`: all of `@tauri-apps/api`, for pages that import nothing. A script of its
 * own, after the bridge, and only in pages that ask for it.
 */
import * as api from "@tauri-apps/api"

declare global {
  interface Window {
    __TAURI__?: object
  }
}

// Plugins add to it: it is no frozen namespace.
Object.defineProperty(window, "__TAURI__", { value: { ...api }, configurable: true, enumerable: true, writable: true })
