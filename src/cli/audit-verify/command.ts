import { isHash } from "../../core/audit-link.ts"
import { type Command, defineCommand, UsageError } from "../command-line.ts"

export const auditVerify: Command = defineCommand({
  name: "audit verify",
  summary: "Checks that nothing in an audit log was cut out, edited, moved or added.",
  description:
    "The log is one that an app writes with audit: { chain: true }: each entry names the one before it by its SHA-256. Of one FILE the older files beside it are checked " +
    "too; several are taken as they are given, the oldest first.\n\n" +
    "Anybody who can write the file can also write all of it anew, or cut off its end line by line. Such a log shows only against a hash that was noted elsewhere: the app says one " +
    "in its own log at each start and end, and this command at the end of its report. Give it as --expect.",
  positionals: "FILE…",
  examples: [
    ["audit.jsonl", "with the older files beside it"],
    ["audit.jsonl --expect 9f86d081…", "and the entry with this hash is still there"],
    ["audit.jsonl --json", "for programs"],
  ],
  flags: {
    expect: {
      type: "string",
      value: "HASH",
      multiple: true,
      help: "SHA-256 of an entry that must be in the log, in hexadecimal",
    },
    json: { type: "boolean", help: "print entries, first, last, problems and notes as JSON" },
  },
  exit: "Exit status: 0 as it was written, 1 problems, 2 could not be read.",
  async run({ flags, positionals, terminal }) {
    if (positionals.length === 0) throw new UsageError("name the audit log: its newest file, or all of them")
    const expected = flags.expect.map((hash) => hash.toLowerCase())
    for (const hash of expected)
      if (!isHash(hash)) throw new UsageError(`--expect ${hash}: expected the 64 hexadecimal digits of a SHA-256`)
    const { verify } = await import("./verify.ts")
    return verify(positionals, expected, flags.json, terminal)
  },
})
