import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Bounds, Property } from "./properties.ts"

const run = promisify(execFile)
const models: string = fileURLToPath(new URL(".", import.meta.url))

/** The longest path that is followed: more than any model has, and a run that meets it has not seen everything. */
const DEPTH = 100_000

export interface Verdict {
  readonly holds: boolean
  /** States of the model that were seen. */
  readonly states: number
  readonly seconds: number
  /** Steps to the state in which the property fails; `null` when it holds. */
  readonly steps: number | null
}

/** Why models cannot be checked here; `null` when they can. */
export async function whyNotChecked(): Promise<string | null> {
  for (const [program, flag] of [
    ["spin", "-V"],
    ["gcc", "--version"],
  ] as const) {
    try {
      await run(program, [flag])
    } catch {
      return `${program} is not installed. On Debian: sudo apt-get install spin gcc libc6-dev`
    }
  }
  return null
}

/** A model as a program that searches its states, in a folder of its own. */
export class Checker {
  readonly #folder: string
  readonly #program: string

  private constructor(folder: string, program: string) {
    this.#folder = folder
    this.#program = program
  }

  /** `without`: the rule that is taken out. Throws when the model is no Promela, with what Spin says. */
  static async build(file: string, bounds: Bounds, atLast: boolean, without?: string): Promise<Checker> {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-model-"))
    const program = join(folder, "pan")
    const definitions = Object.entries(bounds).map(([name, value]) => `-D${name}=${value}`)
    if (without !== undefined) definitions.push(`-D${without}`)
    const search = atLast ? [] : ["-DSAFETY"]
    // A counterexample is found soon: there, compiling is what takes time.
    const optimized = without === undefined ? "-O1" : "-O0"
    try {
      await run("spin", [...definitions, "-a", join(models, file)], { cwd: folder })
      await run("gcc", [optimized, "-w", "-DVECTORSZ=4096", ...search, "-o", program, "pan.c"], { cwd: folder })
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string }
      throw new Error(`${file} cannot be built:\n${stdout}${stderr}`)
    }
    return new Checker(folder, program)
  }

  /** Searches every state. Throws when it could not see all of them. */
  async check({ name, atLast }: Property): Promise<Verdict> {
    const flags = ["-n", "-w22", `-m${DEPTH}`, "-N", name, ...(atLast ? ["-a"] : [])]
    const started = performance.now()
    const { stdout } = await run(this.#program, flags, { cwd: this.#folder, maxBuffer: 16 * 1024 * 1024 })
    const seconds = (performance.now() - started) / 1000
    const states = /^ *(\d+(?:\.\d+)?(?:e\+\d+)?) states, stored/m.exec(stdout)?.[1]
    const errors = /, errors: (\d+)$/m.exec(stdout)?.[1]
    const steps = /^pan:1: .* \(at depth (\d+)\)$/m.exec(stdout)?.[1]
    if (states === undefined || errors === undefined || /max search depth too small|out of memory/.test(stdout))
      throw new Error(`the search for ${name} did not come to its end:\n${stdout}`)
    const holds = errors === "0"
    return { holds, states: Number(states), seconds, steps: holds ? null : Number(steps ?? Number.NaN) }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
