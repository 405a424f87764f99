import { auditVerify } from "./audit-verify/command.ts"
import { build } from "./build/command.ts"
import { check } from "./check/command.ts"
import type { Command } from "./command-line.ts"
import { completions } from "./completions/command.ts"
import { dev } from "./dev/command.ts"
import { doctor } from "./doctor/command.ts"
import { explain } from "./explain/command.ts"
import { init } from "./init/command.ts"
import { keygen } from "./keygen/command.ts"
import { test } from "./test/command.ts"

/** Every command, in the order in which an author meets them. Each declares itself and loads what it needs when it runs. */
export const COMMANDS: readonly Command[] = [
  init,
  dev,
  check,
  test,
  build,
  keygen,
  explain,
  doctor,
  auditVerify,
  completions,
]
