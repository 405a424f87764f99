import { command } from "../core/command.ts"
import type { Plugin } from "../core/plugin.ts"
import { record } from "./arguments.ts"
import { byPage, readLabel } from "./own-window.ts"
import type { WindowHost } from "./window-host.ts"
import { FIXED_WEBVIEW, REFUSED_WEBVIEW, refusing } from "./window-refusals.ts"
import { readColor } from "./window-values.ts"

/** `@tauri-apps/api/webview`: in a browser every window has one webview, its page, of the same label. */
export function webviewPlugin(host: () => WindowHost): Plugin {
  return {
    name: "webview",
    permissions: {
      default: {
        permissions: [
          "allow-get-all-webviews",
          "allow-webview-position",
          "allow-webview-size",
          "allow-internal-toggle-devtools",
        ],
      },
    },
    setup: () => ({
      commands: {
        ...refusing(host, FIXED_WEBVIEW, REFUSED_WEBVIEW),
        // The package reads `windowLabel`, Tauri's Core writes `window_label`.
        get_all_webviews: command((_args, { window }) =>
          [...new Set([window, ...host().labels])].map((label) => ({ label, windowLabel: label, window_label: label })),
        ),
        create_webview_window: command(async (args) => {
          await host().create(record(args).options)
          return null
        }),
        webview_close: command(async (args, context) => {
          await host().destroy(readLabel(record(args), context, host))
          return null
        }),
        webview_position: command((args, context) => {
          readLabel(record(args), context, host)
          return { x: 0, y: 0 }
        }),
        webview_size: byPage(host, "inner_size", () => null),
        webview_show: byPage(host, "show", () => null),
        set_webview_focus: byPage(host, "set_focus", () => null),
        set_webview_background_color: byPage(host, "set_background_color", readColor),
      },
    }),
  }
}
