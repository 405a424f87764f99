import { realpath } from "node:fs/promises"
import type { AppOptions } from "./app.ts"
import type { BuiltApp } from "./built-app.ts"
import type { Config } from "./config/config.ts"
import type { DevParent } from "./dev-parent.ts"
import type { InstanceHold } from "./single-instance/first-instance.ts"
import { startInstance } from "./single-instance/start-instance.ts"

export interface AppInstanceOptions {
  readonly options: Pick<AppOptions, "show" | "singleInstance">
  readonly config: Config
  readonly built: BuiltApp | null
  /** Holds the instance while Cores come and go. */
  readonly parent: DevParent | null
  readonly log: (line: string) => void
}

/**
 * Decides whether this is the app's first instance. Only apps whose windows are shown in a browser take part: of a `show` function nobody knows what a
 * second launch means.
 *
 * @returns `null`: the app does not take part
 * @throws InstanceError when the first instance does not answer
 */
export async function takeInstance({
  options,
  config,
  built,
  parent,
  log,
}: AppInstanceOptions): Promise<InstanceHold | "second" | null> {
  if (options.show !== undefined || options.singleInstance === false) return null
  const instance = { identifier: config.identifier, config: built === null ? await realpath(config.file) : null }
  const launch = { args: process.argv.slice(2), cwd: process.cwd() }
  const hold = await (parent?.takeInstance(instance, launch) ?? startInstance(instance, launch, log))
  if (hold === "second")
    log(`${config.productName ?? config.identifier} already runs, and was asked to show its window`)
  return hold
}
