import { type Command, command } from "../core/command.ts"
import { record } from "./arguments.ts"
import { readLabel } from "./own-window.ts"
import type { WindowHost } from "./window-host.ts"

/** What is as it is in every browser window: the value that holds, and why no other can be had. */
export interface Fixed {
  readonly holds: unknown
  readonly reason: string
}

const BROWSERS = "the browser decides that, and lets no page change it"

/** Setters that do nothing but confirm. By command; asking for what holds already is no error. */
export const FIXED: Readonly<Record<string, Fixed>> = {
  set_resizable: { holds: true, reason: "a browser window is always resizable" },
  set_maximizable: { holds: true, reason: "a browser window can always be maximized" },
  set_minimizable: { holds: true, reason: "a browser window can always be minimized" },
  set_closable: { holds: true, reason: "a browser window can always be closed by its user" },
  set_enabled: { holds: true, reason: "a browser window always takes input: disable parts of the page instead" },
  set_focusable: { holds: true, reason: "a browser window always takes the focus" },
  set_decorations: { holds: true, reason: "the browser draws the frame of its windows" },
  set_shadow: { holds: true, reason: "the desktop draws the shadow of a browser window" },
  set_always_on_top: { holds: false, reason: BROWSERS },
  set_always_on_bottom: { holds: false, reason: BROWSERS },
  set_visible_on_all_workspaces: { holds: false, reason: BROWSERS },
  set_skip_taskbar: { holds: false, reason: "a browser window always stands in the taskbar" },
  set_content_protected: { holds: false, reason: "a page cannot be hidden from screenshots" },
  set_ignore_cursor_events: { holds: false, reason: "a browser window takes every click on it" },
  set_cursor_grab: { holds: false, reason: "only requestPointerLock() of an element keeps the pointer in a page" },
  set_min_size: { holds: null, reason: "a page cannot limit the size of its window: let its layout do with less" },
  set_max_size: { holds: null, reason: "a page cannot limit the size of its window: limit its layout" },
  set_theme: { holds: null, reason: "a page follows the browser's theme: offer one of its own in CSS" },
  set_effects: { holds: null, reason: "a page has nothing behind it but its browser's window" },
  request_user_attention: {
    holds: null,
    reason: "a page cannot make the taskbar ask for attention: use a notification",
  },
  set_badge_count: { holds: null, reason: "badges belong to installed web apps" },
  set_badge_label: { holds: null, reason: "badges belong to installed web apps" },
  set_overlay_icon: { holds: null, reason: "a page has no say in the taskbar" },
}

/** What cannot be done at all. By command. */
export const REFUSED: Readonly<Record<string, string>> = {
  activity_name: "there are activities on Android only",
  scene_identifier: "there are scenes on iOS only",
  cursor_position: "a page learns of the pointer by events, and only while it is over the page",
  set_size_constraints: "a page cannot limit the size of its window: let its layout do with less",
  minimize: "a page cannot minimize its window",
  hide: "a page cannot hide its window: close it, and create it anew",
  set_fullscreen_on_monitor: "a page becomes fullscreen on the monitor that its window is on: use setFullscreen()",
  set_icon: "a browser shows the page's own icon: <link rel=icon>",
  set_cursor_position: "a page cannot move the pointer",
  start_dragging: "a browser window is moved by the frame that the browser gives it",
  start_resize_dragging: "a browser window is resized by the frame that the browser gives it",
  internal_toggle_maximize: "a browser window is maximized by the frame that the browser gives it",
  set_progress_bar: "a page has no say in the taskbar: show progress in the page or in its title",
  set_title_bar_style: "the browser draws the frame of its windows",
}

/** As `FIXED`, for commands about webviews. */
export const FIXED_WEBVIEW: Readonly<Record<string, Fixed>> = {
  set_webview_auto_resize: { holds: true, reason: "a page always fills its window" },
}

export const REFUSED_WEBVIEW: Readonly<Record<string, string>> = {
  create_webview: "a browser window holds one page: use a frame in it, or a window of its own (WebviewWindow)",
  set_webview_size: "a page always fills its window: set the size of the window",
  set_webview_position: "a page always fills its window: set the position of the window",
  set_webview_zoom: "the user zooms a page, with Ctrl and + or -: a page can set the font size of its root element",
  webview_hide: "a page cannot hide itself from its window",
  reparent: "a page stays in the window that it was opened in",
  clear_all_browsing_data: "a page can only clear what it stored: localStorage, indexedDB, caches",
  print: "a page prints itself: window.print()",
  internal_toggle_devtools: "the user opens the developer tools: F12",
}

/** The getter of each fixed property that Tauri has one for. */
export const FIXED_GETTERS: Readonly<Record<string, string>> = {
  is_resizable: "set_resizable",
  is_maximizable: "set_maximizable",
  is_minimizable: "set_minimizable",
  is_closable: "set_closable",
  is_enabled: "set_enabled",
  is_decorated: "set_decorations",
  is_always_on_top: "set_always_on_top",
}

/** The commands of the tables. Like every other they know no window but those there are. */
export function refusing(
  host: () => WindowHost,
  fixed: Readonly<Record<string, Fixed>>,
  refused: Readonly<Record<string, string>>,
  getters: Readonly<Record<string, string>> = {},
): Record<string, Command<unknown>> {
  const commands: Record<string, Command<unknown>> = {}
  const add = (name: string, answer: (value: unknown) => unknown): void => {
    commands[name] = command((args, context) => {
      readLabel(record(args), context, host)
      return answer(record(args).value)
    })
  }
  for (const [name, { holds, reason }] of Object.entries(fixed))
    add(name, (value = null) => {
      if (value === holds) return null
      throw new Error(`${name}: ${reason}`)
    })
  for (const [name, reason] of Object.entries(refused))
    add(name, () => {
      throw new Error(`${name}: ${reason}`)
    })
  for (const [name, setter] of Object.entries(getters)) add(name, () => fixed[setter]?.holds)
  return commands
}
