import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { type Command, defineCommand } from "../command-line.ts"
import { completionScript } from "./script.ts"

const command = (name: string, positionals?: string): Command =>
  defineCommand({
    name,
    summary: `It's "${name}": $HOME \`id\` [x]`,
    ...(positionals === undefined ? {} : { positionals }),
    examples: [],
    flags: {
      target: { type: "string", value: "NAME", choices: ["tauri", "sallyport"], help: "it's [where]: $(id)" },
      quiet: { type: "boolean", short: "q", help: "say nothing" },
    },
    run: async () => 0,
  })
const commands = [command("check"), command("audit verify"), command("completions", "bash|zsh|fish")]

/** What bash offers for the last word of a line. */
function offered(line: string): string[] {
  const words = line.split(" ")
  const script = `${completionScript("bash", commands)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length - 1}
_sallyport
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" })
  assert.deepEqual([status, stderr], [0, ""])
  return stdout.split("\n").filter(Boolean)
}

const ROWS: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ["sallyport ", ["check", "audit", "completions", "--help", "--version"]],
  ["sallyport ch", ["check"]],
  ["sallyport check --t", ["--target"]],
  ["sallyport check --target t", ["tauri"]],
  ["sallyport check --target ", ["tauri", "sallyport"]],
  ["sallyport audit ", ["verify"]],
  ["sallyport audit verify --q", ["--quiet"]],
  ["sallyport completions z", ["zsh"]],
]
for (const [line, expected] of ROWS)
  test(`bash offers for "${line}": ${expected.join(" ")}`, () => assert.deepEqual(offered(line), expected))

for (const shell of ["zsh", "fish"] as const)
  test(`${shell} understands its script, where it is installed`, (context) => {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-completions-"))
    context.after(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, "script"), completionScript(shell, commands))
    const { error, status, stderr } = spawnSync(shell, ["-n", join(folder, "script")], { encoding: "utf8" })
    if (error !== undefined) return context.diagnostic(`not tested: ${shell} is not installed`)
    assert.deepEqual([status, stderr], [0, ""])
  })
