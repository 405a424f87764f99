import { command } from "../core/command.ts"
import type { Plugin } from "../core/plugin.ts"
import { record } from "./arguments.ts"
import { byPage, byPageAlone, readLabel } from "./own-window.ts"
import type { WindowHost } from "./window-host.ts"
import { FIXED, FIXED_GETTERS, REFUSED, refusing } from "./window-refusals.ts"
import { readBoolean, readColor, readCursor, readPoint, readPosition, readSize, readText } from "./window-values.ts"

/** What Tauri's `core:window:default` grants: everything that changes nothing. */
const GETTERS = `
  get-all-windows scale-factor inner-position outer-position inner-size outer-size is-fullscreen is-minimized
  is-maximized is-focused is-decorated is-resizable is-maximizable is-minimizable is-closable is-visible is-enabled title
  current-monitor primary-monitor monitor-from-point available-monitors cursor-position theme is-always-on-top
  internal-toggle-maximize activity-name scene-identifier`

/** `@tauri-apps/api/window`, as far as there is something of it in a browser window. */
export function windowPlugin(host: () => WindowHost): Plugin {
  return {
    name: "window",
    permissions: {
      default: {
        permissions: GETTERS.trim()
          .split(/\s+/)
          .map((name) => `allow-${name}`),
      },
    },
    setup: () => ({
      commands: {
        ...refusing(host, FIXED, REFUSED, FIXED_GETTERS),
        // The caller comes first: who looks for the window that has the focus should ask the one that can answer.
        get_all_windows: command((_args, { window }) => [...new Set([window, ...host().labels])]),
        create: command(async (args) => {
          await host().create(record(args).options)
          return null
        }),
        close: command(async (args, context) => {
          await host().requestClose(readLabel(record(args), context, host))
          return null
        }),
        destroy: command(async (args, context) => {
          await host().destroy(readLabel(record(args), context, host))
          return null
        }),
        ...byPageAlone(host, [
          "scale_factor",
          "inner_position",
          "outer_position",
          "inner_size",
          "outer_size",
          "title",
          "theme",
          "is_fullscreen",
          "is_minimized",
          "is_maximized",
          "is_focused",
          "is_visible",
          "current_monitor",
          "primary_monitor",
          "available_monitors",
          "center",
          "maximize",
          "unmaximize",
          "toggle_maximize",
          "show",
          "set_focus",
        ]),
        unminimize: byPage(host, "show", () => null),
        monitor_from_point: byPage(host, "monitor_from_point", readPoint),
        set_title: byPage(host, "set_title", readText),
        set_size: byPage(host, "set_size", readSize),
        set_position: byPage(host, "set_position", readPosition),
        set_fullscreen: byPage(host, "set_fullscreen", readBoolean),
        set_simple_fullscreen: byPage(host, "set_fullscreen", readBoolean),
        set_cursor_icon: byPage(host, "set_cursor", readCursor),
        set_cursor_visible: byPage(host, "set_cursor_visible", readBoolean),
        set_background_color: byPage(host, "set_background_color", readColor),
      },
    }),
  }
}
