import { wrap } from "../help.ts"
import { shownPath } from "../shown-path.ts"
import type { Terminal } from "../terminal.ts"
import type { Check, ExplainedCommand, Explanation, Fate } from "./explanation.ts"

/** Says in words what isolation does for an app. */
export function printExplanation(explanation: Explanation, cwd: string, terminal: Terminal): void {
  const { dir, hook, others, commands, capabilities, open, target } = explanation
  const width = Math.min(terminal.columns, 110)
  const say = (text: string): void => terminal.print(wrap(text, width))
  const heading = (text: string): void => terminal.print(`\n${terminal.style("bold", text)}`)
  const shown = (path: string): string => shownPath(path, cwd)
  say(
    `Every invoke() of the page goes to a frame of its own origin, which the page cannot read. There the hook in ${shown(dir)} looks at it, what it returns is ` +
      `sealed, and ${target === "tauri" ? "Tauri's Core" : "the Core"} acts on nothing else.`,
  )
  if (hook === true)
    say(
      `A command that the hook does not know ${{ refused: "is refused", passes: "gets through", unknown: "may get through: reading cannot tell" }[others]}.`,
    )

  heading(`Commands (${commands.length})`)
  if (commands.length === 0) terminal.print("  None was found in the sources.")
  for (const command of commands) printCommand(command, shown, terminal)

  heading("Capabilities")
  if (capabilities === null)
    terminal.print(target === "tauri" ? "  Tauri's own, behind the hook: not read here." : "  None.")
  for (const { identifier, windows, permissions } of capabilities ?? [])
    say(`  ${identifier}: the windows ${windows.join(", ")} may use ${permissions.join(", ") || "nothing"}`)

  heading("What no layer covers")
  for (const sentence of open) say(`  • ${sentence}`)
}

const FATES: Readonly<Record<Fate, readonly [color: "green" | "red" | "yellow", words: string]>> = {
  refused: ["green", "refused"],
  passes: ["yellow", "let through"],
  unknown: ["yellow", "let through or refused: reading cannot tell"],
}

function printCommand(command: ExplainedCommand, shown: (path: string) => string, terminal: Terminal): void {
  const { name, called, offered, isNamed, fate, checks, isOpaque } = command
  const [color, words] = FATES[fate]
  terminal.print(
    `  ${terminal.style("bold", name)}: ${terminal.style(color, words)}${isNamed ? "" : ", not named by the hook"}`,
  )
  for (const [argument, all] of Object.entries(checks))
    terminal.print(`      ${argument}: the hook looks at ${all.map(inWords).join(", and at ")}`)
  if (fate !== "refused" && Object.keys(checks).length === 0)
    terminal.print(
      isOpaque
        ? "      at which arguments it looks, reading cannot tell"
        : "      no argument is compared with anything",
    )
  if (called.length > 0) terminal.print(`      called in ${called.map(shown).join(", ")}`)
  if (offered.length > 0) terminal.print(`      offered in ${offered.map(shown).join(", ")}`)
}

function inWords({ kind, text }: Check): string {
  const what = text === null ? "" : ` (${text.length > 60 ? `${text.slice(0, 60)}…` : text})`
  return {
    prefix: `how it begins${what}`,
    dotdot: 'whether it holds ".."',
    exact: `all of it${what}`,
    opaque: "it in a way that reading cannot follow",
  }[kind]
}
