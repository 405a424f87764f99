/**
 * An app with the plugin `store`, in a process of its own: a real Core. Its parent calls the plugin's commands, as a page
 * that hook and capabilities let through would. Started with the folder of the app.
 */
import { createApp } from "./app.ts"
import type { Plugin } from "./core/plugin.ts"
import { TestPage } from "./plugins/plugin.fixture.ts"
import { store } from "./plugins/store/index.ts"

export interface ToStoreProcess {
  readonly id: number
  /** `null`: the app is to close. */
  readonly command: string | null
  readonly args?: object
}

export type FromStoreProcess =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly kind: "log"; readonly line: string }

const tell = (message: FromStoreProcess): void => void process.send?.(message)
let page: TestPage | undefined
const real = store()
const observed: Plugin = {
  ...real,
  setup: async (host) => {
    const instance = await real.setup(host)
    page = new TestPage("store", instance.commands, "main")
    return instance
  },
}
const app = await createApp({
  config: process.argv[2],
  commands: {},
  plugins: [observed],
  // Several of one app run at once, each with a page.
  singleInstance: false,
  log: (line) => tell({ kind: "log", line }),
})
process.on("message", ({ id, command, args }: ToStoreProcess) => {
  const done = command === null ? app.close() : (page?.call(command, args) ?? Promise.reject(new Error("no plugin")))
  Promise.resolve(done).then(
    (value) => tell({ kind: "answer", id, value }),
    (error: Error) => tell({ kind: "answer", id, error: error.message }),
  )
})
process.once("disconnect", () => process.exit(1))
tell({ kind: "ready" })
