import type { Plugin } from "../core/plugin.ts"
import { refusals } from "./refusals.ts"

const COMMANDS = [
  "new",
  "append",
  "prepend",
  "insert",
  "remove",
  "remove_at",
  "items",
  "get",
  "popup",
  "create_default",
  "set_as_app_menu",
  "set_as_window_menu",
  "text",
  "set_text",
  "is_enabled",
  "set_enabled",
  "set_accelerator",
  "set_as_windows_menu_for_nsapp",
  "set_as_help_menu_for_nsapp",
  "is_checked",
  "set_checked",
  "set_icon",
] as const

/** `@tauri-apps/api/menu`: all refused. Permissions are Tauri's, so that its capabilities files hold here. */
export const menuPlugin: Plugin = {
  name: "menu",
  permissions: { default: { permissions: COMMANDS.map((name) => `allow-${name.replaceAll("_", "-")}`) } },
  setup: () => ({
    commands: refusals("menu", COMMANDS, "a browser window has no native menus; draw the menu in the page"),
  }),
}
