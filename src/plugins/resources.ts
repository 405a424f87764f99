import { command } from "../core/command.ts"
import type { Plugin } from "../core/plugin.ts"
import { record } from "./arguments.ts"

/** Closes what a page holds by number: `Resource.close()` of `@tauri-apps/api/core`. */
export const resourcesPlugin: Plugin = {
  name: "resources",
  permissions: { default: { permissions: ["allow-close"] } },
  setup: () => ({
    commands: {
      close: command(async (args, { resources }) => {
        await resources.close(record(args).rid)
        return null
      }),
    },
  }),
}
