import { join } from "node:path"
import type { Plugin } from "../../core/plugin.ts"
import { Directories } from "../../directories/directories.ts"
import { stateFolder } from "../../directories/state-folder.ts"
import { storeCommands } from "./store-commands.ts"
import { StoreLocks } from "./store-lock.ts"
import { Stores } from "./stores.ts"

const COMMANDS = "load get_store set get has delete clear reset keys values entries length reload save".split(" ")

/**
 * Keys and values that outlast the app, as `@tauri-apps/plugin-store` calls them: a JSON file each, in the app's data
 * directory. All windows share them, and hear `store://change`.
 */
export function store(): Plugin {
  return {
    name: "store",
    permissions: { default: { permissions: COMMANDS.map((command) => `allow-${command.replaceAll("_", "-")}`) } },
    setup: ({ identifier, folder, emit, log }) => {
      const directories = new Directories({ identifier, resources: folder })
      const stores = new Stores(
        directories,
        new StoreLocks(join(stateFolder(), identifier, "store-locks")),
        ({ path, rid }, key, value, exists) =>
          emit("store://change", { path: path.lexical, resourceId: rid, key, value, exists }),
        log,
      )
      return { commands: storeCommands(stores), close: () => stores.end() }
    },
  }
}
