import { command } from "../core/command.ts"
import type { Plugin } from "../core/plugin.ts"
import { inTauriWords, record } from "./arguments.ts"
import { refusal } from "./refusals.ts"

/** The version of Tauri whose interface to pages this is. */
const TAURI_VERSION = "2.12.5"

const APPLE_ONLY = "it is macOS's and iOS's own, and no window of this app is one of theirs"
const noBackButton = refusal("onBackButtonPress", "only Android has a back button that an app hears of")

/** What pages may ask of the app they are in. */
export interface AppControl {
  /** Ends the app, and has the process end with this code. */
  exit(code: number): void
}

/** `@tauri-apps/api/app`. */
export function appPlugin(control: AppControl): Plugin {
  return {
    name: "app",
    permissions: {
      default: {
        permissions: [
          "allow-version",
          "allow-name",
          "allow-tauri-version",
          "allow-identifier",
          "allow-bundle-type",
          "allow-supports-multiple-windows",
          "allow-register-listener",
          "allow-remove-listener",
        ],
      },
    },
    setup: ({ appName, identifier, version }) => ({
      commands: {
        version: command(() => version),
        name: command(() => appName),
        tauri_version: command(() => TAURI_VERSION),
        identifier: command(() => identifier),
        // Tauri's answer for an app that its bundler did not make.
        bundle_type: command(() => null),
        supports_multiple_windows: command(() => true),
        // Its windows wear the icon of their pages.
        default_window_icon: command(() => null),
        exit: command((args) => {
          const code = inTauriWords("code", "exit", () => readExitCode(record(args).code))
          // The answer first: an app that closes waits for the commands that run.
          setImmediate(() => control.exit(code))
          return null
        }),
        set_app_theme: command((args) => {
          if (record(args).theme === null) return null
          throw new Error("setTheme is not supported: a page follows the browser's theme: offer one of its own in CSS")
        }),
        // It cannot be hidden, so it is shown.
        app_show: command(() => null),
        app_hide: refusal("hide", APPLE_ONLY),
        set_dock_visibility: refusal("setDockVisibility", APPLE_ONLY),
        fetch_data_store_identifiers: refusal("fetchDataStoreIdentifiers", APPLE_ONLY),
        remove_data_store: refusal("removeDataStore", APPLE_ONLY),
        register_listener: noBackButton,
        remove_listener: noBackButton,
        // @tauri-apps/api tries this name next, and reports what becomes of it.
        registerListener: { ...noBackButton, judgedAs: "plugin:app|register_listener" },
      },
    }),
  }
}

function readExitCode(value: unknown): number {
  if (value === undefined || value === null) return 0
  if (Number.isInteger(value) && (value as number) >= -0x8000_0000 && (value as number) <= 0x7fff_ffff)
    return value as number
  throw new Error("expected an exit code, an i32")
}
