import { ANSWER_MS, askFirst } from "./ask-first.ts"
import { claim } from "./claim.ts"
import { FirstInstance, type InstanceHold } from "./first-instance.ts"
import { InstanceError } from "./instance-error.ts"
import { instanceFolder } from "./instance-folder.ts"
import type { SecondLaunch } from "./launch-message.ts"
import { SocketFolder } from "./socket-folder.ts"

/** Time in ms between two tries to reach a first instance that hangs up. */
const PAUSE_MS = 20

/** What may run once for each user. */
export interface Instance {
  readonly identifier: string
  /** `null`: a built app. Else the absolute path of the configuration that it was started from: an app in development and an installed one run beside each other. */
  readonly config: string | null
}

/** What apps of this process hold: a second app of one process is no second launch. */
const own = new Set<string>()

/**
 * Makes this process the first instance, or asks the one that runs to open or focus its window.
 *
 * @returns `second` when the first instance has answered; `null` where this cannot be decided, which is logged, and for a further app of this process
 * @throws InstanceError when the first instance does not answer
 */
export async function startInstance(
  instance: Instance,
  launch: SecondLaunch,
  log: (line: string) => void,
): Promise<InstanceHold | "second" | null> {
  const { identifier, config } = instance
  const key = JSON.stringify([identifier, config])
  if (own.has(key)) return null
  own.add(key)
  try {
    const hold = await takePart(instance, launch)
    if (hold === "second") own.delete(key)
    else hold.released.then(() => own.delete(key))
    return hold
  } catch (error) {
    own.delete(key)
    if (error instanceof InstanceError) throw error
    log(`cannot tell whether ${identifier} already runs: ${error instanceof Error ? error.message : error}`)
    return null
  }
}

async function takePart({ identifier, config }: Instance, launch: SecondLaunch): Promise<FirstInstance | "second"> {
  const claimed = ["instance", identifier, ...(config === null ? ["built"] : ["config", config])]
  for (let end = performance.now() + ANSWER_MS; ; await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))) {
    const held = await claim(new SocketFolder(instanceFolder(identifier), claimed))
    if ("release" in held) return new FirstInstance(held)
    const answer = await askFirst(held, launch, identifier)
    if (answer === "opened") return "second"
    if (answer === "ended") end = performance.now() + ANSWER_MS
    if (performance.now() > end)
      throw new InstanceError(`${identifier} already runs, and takes no further launch: try again`)
  }
}
