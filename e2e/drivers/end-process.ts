import type { ChildProcess } from "node:child_process"
import { once } from "node:events"

/** Ends a process that was started detached, with everything that it started itself. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, "exit")
  signal(child.pid, "SIGTERM")
  const late = setTimeout(signal, 3000, child.pid, "SIGKILL")
  await ended
  clearTimeout(late)
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name)
  } catch {
    // The group has ended by itself.
  }
}
