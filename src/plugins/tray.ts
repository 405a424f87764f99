import { command } from "../core/command.ts"
import type { Plugin } from "../core/plugin.ts"
import { refusals } from "./refusals.ts"

const REFUSED = [
  "new",
  "remove_by_id",
  "set_icon",
  "set_menu",
  "set_tooltip",
  "set_title",
  "set_visible",
  "set_temp_dir_path",
  "set_icon_as_template",
  "set_icon_with_as_template",
  "set_show_menu_on_left_click",
] as const

/** `@tauri-apps/api/tray`: there is no tray icon, which `get_by_id` can say; all else is refused. */
export const trayPlugin: Plugin = {
  name: "tray",
  permissions: {
    default: { permissions: ["get_by_id", ...REFUSED].map((name) => `allow-${name.replaceAll("_", "-")}`) },
  },
  setup: () => ({
    commands: {
      ...refusals("tray", REFUSED, "an app whose windows are a browser's has no icon in the system tray"),
      get_by_id: command(() => null),
    },
  }),
}
