import { readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Attack, Replacement } from "../attack.ts"
import { SIGNED, startChanged } from "../changed-disk.ts"
import type { VictimOptions } from "../victim-app.ts"
import type { Victim } from "../victim-process.ts"

const NOT_REQUIRED: Replacement = {
  off: "what the Core's own code requires",
  file: "app-isolation.ts",
  find: "if (!requireIsolation && publicKey === undefined) return null",
  replace: "if (requireIsolation || publicKey !== undefined) return null",
}

type Json = Record<string, unknown>
interface TauriConfig extends Json {
  app: { security: Json }
}

async function changeConfig({ folder }: Victim, change: (config: TauriConfig) => void): Promise<TauriConfig> {
  const file = join(folder, "tauri.conf.json")
  const config = JSON.parse(await readFile(file, "utf8")) as TauriConfig
  change(config)
  await writeFile(file, JSON.stringify(config))
  return config
}

const BROWNFIELD = { app: { security: { pattern: { use: "brownfield" } } } }
const platform = process.platform === "darwin" ? "macos" : process.platform === "win32" ? "windows" : "linux"

type Change = (victim: Victim) => Promise<unknown>
const CHANGES: readonly (readonly [name: string, change: Change, victim?: Partial<VictimOptions>])[] = [
  ["`use` says brownfield", (victim) => changeConfig(victim, ({ app }) => Object.assign(app, BROWNFIELD.app))],
  [
    "the pattern is gone",
    (victim) =>
      changeConfig(victim, ({ app }) => {
        delete app.security.pattern
      }),
  ],
  [
    "a file of the platform's lies over it",
    ({ folder }) => writeFile(join(folder, `tauri.${platform}.conf.json`), JSON.stringify(BROWNFIELD)),
  ],
  [
    "a file of the platform's takes the pattern away",
    ({ folder }) => writeFile(join(folder, `tauri.${platform}.conf.json5`), "{ app: { security: { pattern: null } } }"),
  ],
  [
    "another file stands in its place",
    async (victim) => {
      const config = await changeConfig(victim, ({ app }) => Object.assign(app, BROWNFIELD.app))
      await writeFile(join(victim.folder, "tauri.conf.json5"), JSON.stringify(config))
      await rm(join(victim.folder, "tauri.conf.json"))
    },
  ],
  [
    "`use` says brownfield, and the app carries a public key",
    (victim) => changeConfig(victim, ({ app }) => Object.assign(app, BROWNFIELD.app)),
    SIGNED,
  ],
]

/** D3: the configuration changed to brownfield. */
export const changedPatterns: readonly Attack[] = CHANGES.map(([name, change, victim]) => ({
  where: "local",
  id: "D3",
  name: `isolation switched off in the configuration: ${name}`,
  stoppedBy: "what the Core's own code requires: `requireIsolation`, or a public key",
  control: NOT_REQUIRED,
  victim: victim ?? { requireIsolation: true },
  alone: true,
  steps: async ({ victim }) => {
    const said = await startChanged(victim, () => change(victim))
    return said === null || !/this app requires isolation/.test(said)
  },
}))
