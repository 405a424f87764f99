import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { dirname, resolve } from "node:path"
import { kindOf } from "../../config/find-file.ts"
import { isRecord, own } from "../../config/records.ts"
import { CommandError } from "../run-command.ts"
import type { Project } from "./find-project.ts"

/** `build.beforeDevCommand` or `build.beforeBuildCommand`, as Tauri has them. */
export interface BeforeCommand {
  readonly script: string
  /** Absolute path. */
  readonly cwd: string
  /** Whether it ends before anything else begins. */
  readonly wait: boolean
}

/** How long it may take to end when it is asked to, in ms. */
const END_MS = 3000

export type BeforeCommandKey = "beforeDevCommand" | "beforeBuildCommand"

/** What each is an example of. */
const EXAMPLES: Readonly<Record<BeforeCommandKey, string>> = {
  beforeDevCommand: "npm run dev",
  beforeBuildCommand: "npm run build",
}

/**
 * Reads one of them: a text, or `{ script, cwd, wait }`. `null` when there is none. `cwd` is relative to the
 * configuration's folder; without one it runs in the project's.
 *
 * @throws CommandError
 */
export async function readBeforeCommand(
  { settings, config, root }: Pick<Project, "settings" | "config" | "root">,
  name: BeforeCommandKey,
): Promise<BeforeCommand | null> {
  const build = isRecord(settings) ? own(settings, "build") : undefined
  const alias = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const value = isRecord(build) ? (own(build, name) ?? own(build, alias)) : undefined
  if (value === undefined || value === null || value === "") return null
  const refuse = (key: string, found: unknown, expected: string): never => {
    throw new CommandError(
      `${config}: build.${name}${key}: found ${JSON.stringify(found) ?? "nothing"}, expected ${expected}`,
    )
  }
  if (typeof value === "string") return { script: value, cwd: root, wait: false }
  if (!isRecord(value))
    return refuse("", value, `a command, such as "${EXAMPLES[name]}", or { "script", "cwd", "wait" }`)
  const [script, cwd, wait = false] = [own(value, "script"), own(value, "cwd"), own(value, "wait")]
  if (typeof script !== "string" || script === "")
    return refuse(".script", script, `a command, such as "${EXAMPLES[name]}"`)
  if (cwd !== undefined && cwd !== null && typeof cwd !== "string")
    return refuse(".cwd", cwd, "a folder, relative to this file")
  if (typeof wait !== "boolean") return refuse(".wait", wait, "true or false")
  const folder = typeof cwd === "string" ? resolve(dirname(config), cwd.replaceAll("\\", "/")) : root
  if ((await kindOf(folder)) !== "folder") return refuse(".cwd", cwd, `a folder: there is none at ${folder}`)
  return { script, cwd: folder, wait }
}

/** A command that was started by the system's shell. What it prints goes to standard error. */
export class RunningCommand {
  /** Resolves with how it ended, in words: `ended with exit status 0` when all is well. */
  readonly ended: Promise<string>
  readonly #child: ChildProcess
  #hasEnded = false

  /** @param variables that it has besides this process's own */
  constructor({ script, cwd }: BeforeCommand, variables: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(script, {
      cwd,
      shell: true,
      env: { ...process.env, ...variables },
      stdio: ["ignore", 2, 2],
      // A group of its own: a shell that is ended leaves what it has started behind.
      detached: process.platform !== "win32",
    })
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#hasEnded = true
        resolve(how)
      }
      this.#child.once("error", ({ message }) => end(`could not be started: ${message}`))
      this.#child.once("exit", (code, signal) => end(`ended with ${signal ?? `exit status ${code}`}`))
    })
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Ends it, with everything that it has started. */
  async end(): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined) return
    if (process.platform === "win32") {
      if (this.#hasEnded) return
      await once(spawn("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" }), "close").catch(() => null)
      return
    }
    // The shell may have ended, and what it started run on.
    signalGroup(pid, "SIGTERM")
    const end = performance.now() + END_MS
    while (signalGroup(pid, 0)) {
      if (performance.now() > end) signalGroup(pid, "SIGKILL")
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** Whether anybody is left in the group. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch {
    return false
  }
}
