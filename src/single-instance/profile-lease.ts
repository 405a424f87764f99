import { claim } from "./claim.ts"
import { instanceFolder } from "./instance-folder.ts"
import { SocketFolder } from "./socket-folder.ts"

/** Maximum number of apps of one identifier that run at a time with profiles of their own. */
const PROFILES = 64

/** Folder of browser profiles that this process alone uses. */
export interface ProfileLease {
  /** Name below the folder `windows` of the app; empty for that folder itself. */
  readonly profiles: string
  release(): Promise<void>
}

/**
 * Finds a folder of browser profiles that no other running app uses. A browser that is started on a profile in use hands its page to the browser that uses
 * it, whose end would then end both windows. The first app has the folder `windows`; the next ones have `windows/@2`, `windows/@3`.
 */
export async function leaseProfiles(identifier: string, log: (line: string) => void): Promise<ProfileLease> {
  try {
    for (let number = 1; number <= PROFILES; number++) {
      const held = await claim(new SocketFolder(instanceFolder(identifier), ["profiles", identifier, String(number)]))
      if ("destroy" in held) {
        held.destroy()
        continue
      }
      held.serve((socket) => socket.destroy())
      return { profiles: number === 1 ? "" : `@${number}`, release: () => held.release() }
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : error
    log(`cannot tell whether the browser profiles of ${identifier} are in use: ${why}`)
  }
  return { profiles: "", release: async () => {} }
}
