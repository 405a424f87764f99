import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { ownEnvironment } from "./own-environment.ts"

/** Has the system send a program SIGTERM when its parent has ended, in whatever way (prctl(2), PR_SET_PDEATHSIG). */
const SETPRIV = ["setpriv", "--pdeathsig", "TERM"] as const

let works: boolean | undefined

/**
 * How to start a program that is of no use without this process: so that a process which is killed leaves no window that nothing
 * answers any more. On Linux with util-linux's `setpriv`; elsewhere the program as it is.
 */
export function endingWithParent(program: string, args: readonly string[]): [command: string, args: readonly string[]] {
  // What is not there is for whoever starts it to hear of, not for `setpriv`.
  if (!canEnd() || !existsSync(program)) return [program, args]
  const [command, ...options] = SETPRIV
  return [command, [...options, program, ...args]]
}

/** BusyBox has a `setpriv` that cannot. */
function canEnd(): boolean {
  works ??=
    process.platform === "linux" &&
    spawnSync(SETPRIV[0], [...SETPRIV.slice(1), "true"], { env: ownEnvironment() }).status === 0
  return works
}
