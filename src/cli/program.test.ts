import assert from "node:assert/strict"
import { test } from "node:test"
import { type Command, defineCommand } from "./command-line.ts"
import { runProgram } from "./program.ts"
import { CommandError } from "./run-command.ts"
import { rememberingTerminal } from "./terminal.fixture.ts"

const named = (name: string, run: Command["run"] = async () => 0): Command =>
  defineCommand({ name, summary: `Does ${name}.`, positionals: "[WORD…]", examples: [], flags: {}, run })
const program = {
  name: "house",
  about: "About houses.",
  version: "1.2.3",
  commands: [
    named("paint", async ({ positionals, terminal }) => {
      terminal.print(positionals.join("+"))
      return 1
    }),
    named("wall verify"),
    named("leak", async () => {
      throw new CommandError("the roof leaks: mend it")
    }),
    named("burn", async () => {
      throw new TypeError("fire")
    }),
  ],
}

async function run(line: string) {
  const terminal = rememberingTerminal()
  const status = await runProgram(program, line === "" ? [] : line.split(" "), terminal)
  return { status, out: terminal.printed.join("\n"), err: terminal.said.join("\n") }
}

test("a command's words and status are its own", async () =>
  assert.deepEqual(await run("paint a b"), { status: 1, out: "a+b", err: "" }))

test("a command may have a name of two words", async () => assert.equal((await run("wall verify x")).status, 0))

test("the first word of such a name lists what there is", async () => {
  const { status, err } = await run("wall")
  assert.equal(status, 2)
  assert.match(err, /there is wall verify/)
})

test("without a command it says what there is, and that this is wrong use", async () => {
  const { status, out, err } = await run("")
  assert.deepEqual([status, out], [2, ""])
  assert.match(err, /wall verify {3}Does wall verify\./)
})

for (const line of ["--help", "-h", "help"])
  test(`${line} prints the commands`, async () => {
    const { status, out } = await run(line)
    assert.equal(status, 0)
    assert.match(out, /paint {9}Does paint\./)
  })

for (const line of ["paint --help", "help paint"])
  test(`${line} prints the help of that command`, async () => {
    const { status, out } = await run(line)
    assert.equal(status, 0)
    assert.match(out, /Usage: house paint/)
  })

test("--version prints the version", async () => assert.equal((await run("--version")).out, "1.2.3"))

for (const line of ["pant", "help pant"])
  test(`${line} is a command that there is not, and near one that there is`, async () => {
    const { status, err } = await run(line)
    assert.equal(status, 2)
    assert.match(err, /did you mean house paint\?/)
  })

test("a wrong flag leads to the help", async () => {
  const { status, err } = await run("paint --dry")
  assert.equal(status, 2)
  assert.equal(err, "there is no flag --dry\nhouse paint --help shows what there is.")
})

test("what a command foresaw is said without a stack", async () =>
  assert.deepEqual(await run("leak"), { status: 2, out: "", err: "the roof leaks: mend it" }))

test("what it did not foresee is said with one", async () => {
  const { status, err } = await run("burn")
  assert.equal(status, 2)
  assert.match(err, /^This should not have happened:\nTypeError: fire\n +at /)
})
