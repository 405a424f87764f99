import type { AnyNode, Program } from "acorn"
import type { IsolationAppError, Position } from "../../isolation-app/isolation-app.ts"
import type { ProjectCommands } from "../project/find-commands.ts"
import type { Project, Target } from "../project/find-project.ts"
import { type Followed, findHook, followHook, type Hook } from "./hook/follow-hook.ts"
import type { PageElement } from "./page-elements.ts"
import type { Found } from "./rule.ts"

/** A script of the isolation app. */
export interface CheckedScript {
  /** Absolute path of the file that it stands in. */
  readonly file: string
  /** What stands there. */
  readonly written: string
  /** Where in the file it begins. */
  readonly start: Position
  /** `null`: it cannot be parsed. */
  readonly program: Program | null
}

/** `source`: what an isolation app is built from. `built`: what a launch reads. */
export type Stage = "source" | "built"

export interface AppParts {
  /** Absolute path of the folder. */
  readonly dir: string
  readonly stage: Stage
  readonly target: Target
  readonly project: Project | null
  /** What frontend and Core call and offer; `null` when there is no project. */
  readonly commands: ProjectCommands | null
  /** Everything that a launch, or the build, would refuse. */
  readonly problems: readonly IsolationAppError[]
  readonly page: { readonly file: string; readonly elements: readonly PageElement[] } | null
  readonly scripts: readonly CheckedScript[]
  /** The `package.json` files that are the isolation app's. */
  readonly packages: readonly { readonly file: string; readonly text: string }[]
  /** Bytes of the page and its scripts. */
  readonly bytes: number
}

/** Names of commands that nobody gives to one: what becomes of them becomes of any that the hook does not know. */
export const UNKNOWN_COMMANDS: readonly string[] = ["a_command_nobody_named", "plugin:nobody-named|this"]
/** A hook that names more is a table; the rest is taken to be like these. */
const MOST_COMMANDS = 400

/** An isolation app as the rules see it: its parts, and, once somebody asks, what its hook does. */
export class CheckedApp {
  readonly parts: AppParts
  #hook: Hook | null = null
  #followed: readonly Followed[] | null = null
  readonly #known = new Map<string, Followed>()

  constructor(parts: AppParts) {
    this.parts = parts
  }

  get programs(): readonly Program[] {
    return this.parts.scripts.flatMap(({ program }) => program ?? [])
  }

  /** Whether every script could be read: if not, nothing can be said of the hook. */
  get isWhole(): boolean {
    const { scripts, problems } = this.parts
    const unread = new Set([
      "SCRIPT_MISSING",
      "SCRIPT_OUTSIDE",
      "SCRIPT_REMOTE",
      "UNREADABLE",
      "MODULE_SCRIPT",
      "SCRIPT_QUERY",
    ])
    return scripts.every(({ program }) => program !== null) && !problems.some(({ code }) => unread.has(code))
  }

  get hook(): Hook {
    this.#hook ??= findHook(this.programs)
    return this.#hook
  }

  /** What becomes of a command. */
  follow(command: string): Followed {
    const followed = this.#known.get(command) ?? followHook(this.programs, command)
    this.#known.set(command, followed)
    return followed
  }

  /** What becomes of commands that the hook does not know, and of each that it or the frontend names. */
  get followed(): readonly Followed[] {
    if (this.#followed !== null) return this.#followed
    if (this.hook.kind !== "function") return []
    const waiting = [...UNKNOWN_COMMANDS, ...(this.parts.commands?.called ?? []).map(({ name }) => name)]
    const all = new Map<string, Followed>()
    for (let command = waiting.shift(); command !== undefined && all.size < MOST_COMMANDS; command = waiting.shift()) {
      if (all.has(command)) continue
      const followed = this.follow(command)
      all.set(command, followed)
      waiting.push(...followed.facts.names.keys())
      // Behind a test of the beginning there may be checks that no command has met yet.
      for (const prefix of followed.facts.prefixes) waiting.push(`${prefix}nobody_named`)
    }
    this.#followed = [...all.values()]
    return this.#followed
  }

  /** Where a function ends: at its last brace. */
  atEnd(node: AnyNode, what: string): Found {
    const found = this.at(node, what)
    if (!node.loc || found.position === null) return found
    const { start, end } = node.loc
    const line = found.position.line + end.line - start.line
    const column = end.line === start.line ? found.position.column + end.column - start.column - 1 : end.column
    return { ...found, position: { line, column }, length: 1 }
  }

  /** Where a node of a script stands; where the hook is, for what stands nowhere. */
  at(node: AnyNode | null, what: string): Found {
    const loc = node?.loc
    const script = this.parts.scripts[Number(loc?.source)]
    if (!loc || node === null || script === undefined) {
      const hook = this.hook.node
      return hook?.loc ? this.at(hook, what) : { file: this.parts.page?.file ?? this.parts.dir, position: null, what }
    }
    const { file, start } = script
    const { line, column } = loc.start
    const position = {
      line: start.line + line - 1,
      column: (line === 1 ? start.column - 1 : 0) + column + 1,
    }
    return { file, position, length: node.end - node.start, what }
  }
}
