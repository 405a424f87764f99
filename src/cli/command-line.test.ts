import assert from "node:assert/strict"
import { test } from "node:test"
import { defineCommand, parseCommandLine, UsageError } from "./command-line.ts"

const command = defineCommand({
  name: "paint",
  summary: "Paints.",
  positionals: "[WALL…]",
  examples: [],
  flags: {
    color: { type: "string", value: "NAME", choices: ["red", "blue"], default: "red", help: "of the paint" },
    brush: { type: "string", short: "b", value: "FILE", help: "what to paint with" },
    coat: { type: "string", value: "NAME", multiple: true, help: "one coat" },
    dry: { type: "boolean", help: "paint nothing" },
  },
  run: async () => 0,
})
const parse = (line: string) => parseCommandLine(command, line === "" ? [] : line.split(" "))
const message = (line: string): string => {
  try {
    parse(line)
  } catch (error) {
    assert.ok(error instanceof UsageError)
    return error.message
  }
  throw new assert.AssertionError({ message: `${line} was understood` })
}

test("flags that are left out have their defaults", () => {
  assert.deepEqual({ ...parse("").flags }, { color: "red", brush: undefined, coat: [], dry: false })
})

test("flags and words may stand in any order, and repeat where they may", () => {
  const { flags, positionals } = parse("north --dry --coat first -b round --coat=second south --color blue")
  assert.deepEqual({ ...flags }, { color: "blue", brush: "round", coat: ["first", "second"], dry: true })
  assert.deepEqual(positionals, ["north", "south"])
})

test("after -- every word is a word", () => assert.deepEqual(parse("-- --dry").positionals, ["--dry"]))

test("- is a value", () => assert.equal(parse("--brush -").flags.brush, "-"))

test("--help wins over everything that is missing", () => assert.equal(parse("--help --dry").help, true))

const WRONG: readonly (readonly [line: string, message: string])[] = [
  ["--colour red", "there is no flag --colour; did you mean --color?"],
  ["-x", "there is no flag -x"],
  ["--constructor", "there is no flag --constructor"],
  ["--brush", "--brush needs a value: --brush FILE"],
  ["--brush --dry", "--brush needs a value: --brush FILE"],
  ["--color green", "--color green: expected red, blue"],
  ["--dry=yes", "--dry takes no value"],
  ["--brush a --brush b", "--brush is given 2 times: once is enough"],
]
for (const [line, expected] of WRONG) test(`refuses ${line}`, () => assert.equal(message(line), expected))

test("refuses words where a command takes none", () => {
  const { positionals: _, ...flagsOnly } = command
  assert.throws(() => parseCommandLine(flagsOnly, ["wall"]), { message: '"wall" is too much: paint takes flags only' })
})
