import assert from "node:assert/strict"
import { test } from "node:test"
import { type Command, defineCommand } from "./command-line.ts"
import { commandHelp, wrap } from "./help.ts"
import { rememberingTerminal } from "./terminal.fixture.ts"

const command: Command = defineCommand({
  name: "paint",
  summary: "Paints a wall.",
  description: "One paragraph that is longer than the terminal is wide, so that it has to break.\n\nAnother.",
  positionals: "[WALL]",
  examples: [["north --color blue", "in another color"]],
  flags: {
    color: { type: "string", value: "NAME", choices: ["red", "blue"], default: "red", help: "of the paint" },
  },
  run: async () => 0,
})

test("breaks lines between words only", () => {
  assert.equal(wrap("aaa bbb ccc", 7), "aaa bbb\nccc")
  assert.equal(wrap("/a/very/long/path stays", 5), "/a/very/long/path\nstays")
})

test("shows usage, examples, flags with their values, and the exit status", () => {
  const help = commandHelp(command, "house", rememberingTerminal(60))
  assert.match(help, /^Paints a wall\.\n/)
  assert.match(help, /Usage: house paint \[flags\] \[WALL\]/)
  assert.match(help, /house paint north --color blue {3}in another color/)
  assert.match(help, /--color NAME {3}of the paint \(red, blue; default: red\)/)
  assert.match(help, /Exit status: 0 fine, 1 findings, 2 wrong use\.$/)
  for (const line of help.split("\n")) assert.ok(line.length <= 60, line)
})
