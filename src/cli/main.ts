#!/usr/bin/env node
/** `sallyport`, the command line. */
import { readFileSync } from "node:fs"
import { COMMANDS } from "./commands.ts"
import { runProgram } from "./program.ts"
import { endWithReader, processTerminal } from "./terminal.ts"

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string
}

endWithReader()
process.exitCode = await runProgram(
  {
    name: "sallyport",
    about: "Write, check, test and build the isolation app of a Sallyport or Tauri project.",
    version,
    commands: COMMANDS,
  },
  process.argv.slice(2),
  processTerminal,
)
