import type { AnyNode } from "acorn"

/**
 * How an argument was tested. `prefix` looks at how it begins, `dotdot` for `..`; `exact` leaves nothing open (equality, a
 * list, an expression for the whole); `opaque`: something that cannot be read was asked, or has made another text of it.
 */
export interface Guard {
  readonly kind: "prefix" | "dotdot" | "exact" | "opaque"
  readonly node: AnyNode
  /** What it was compared with, when that is known. */
  readonly text: string | null
}

/** What was seen while the hook was followed with one command. */
export class Facts {
  /** Commands that the call's was compared with, and where they stand. */
  readonly names: Map<string, AnyNode | null> = new Map()
  /** How names begin that it asked for: `plugin:fs|`. */
  readonly prefixes: Set<string> = new Set()
  /** By the argument's path. */
  readonly guards: Map<string, Guard[]> = new Map()
  /** Reads of `payload.args`, and of arguments beside `payload.payload`, by what was read. */
  readonly args: Set<AnyNode> = new Set()
  readonly flat: Map<AnyNode, string> = new Map()
  /** Promises that nobody waits for, and such as were asked whether they are true. */
  readonly floating: Set<AnyNode> = new Set()
  readonly conditions: Set<AnyNode> = new Set()
  /** Whether the command passed a test that does not name it: of its beginning, by a regular expression. */
  matched = false
  /** Whether the call or a part of it was given to something that cannot be read. */
  opaque = false
  /** Whether the call was changed. */
  writes = false

  guard(argument: string, guard: Guard): void {
    const known = this.guards.get(argument)
    if (known === undefined) this.guards.set(argument, [guard])
    else if (!known.some(({ node, kind }) => node === guard.node && kind === guard.kind)) known.push(guard)
  }

  name(command: string, node: AnyNode | null): void {
    if (!this.names.has(command)) this.names.set(command, node)
  }
}
