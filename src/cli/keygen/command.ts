import { open } from "node:fs/promises"
import { resolve } from "node:path"
import { generateSigningKeys } from "../../isolation-app/signing-key.ts"
import { type Command, defineCommand, UsageError } from "../command-line.ts"
import { CommandError } from "../run-command.ts"

const FILE = "isolation-app.key"

export const keygen: Command = defineCommand({
  name: "keygen",
  summary: "Makes a key that signs isolation apps, and prints its public half.",
  description:
    "The private key is written to a new file that only you can read; a file that exists stays as it is. Whoever has it can make isolation apps that your app accepts: " +
    "keep it where releases are built, out of version control and out of the app. Make a key for each app.",
  positionals: "[FILE]",
  examples: [
    ["", `into ${FILE}`],
    ["~/keys/notes.key", "into another file"],
  ],
  flags: { json: { type: "boolean", help: "print publicKey and privateKeyFile as JSON" } },
  exit: "Exit status: 0 made, 2 not made.",
  async run({ flags, positionals: [written = FILE, ...more], terminal }) {
    if (more.length > 0) throw new UsageError(`"${more[0]}" is too much: a key goes into one file`)
    const file = resolve(written)
    const { publicKey, privateKey } = generateSigningKeys()
    await writeNew(file, privateKey)
    if (flags.json) {
      terminal.print(JSON.stringify({ publicKey, privateKeyFile: file }))
      return 0
    }
    terminal.say(`${file} holds the private key. Keep it secret, and out of version control.`)
    terminal.say("This is the public key:\n")
    terminal.print(publicKey)
    terminal.say(`
Put it into your Core, and sign with the private one:

  createApp({ isolation: { publicKey: "${publicKey}" } })
  sallyport build --sign ${written}`)
    return 0
  },
})

async function writeNew(path: string, text: string): Promise<void> {
  try {
    // A new file, never one that a link leads to: with any other flag, somebody else could own what is written.
    const file = await open(path, "wx", 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === "EEXIST")
      throw new CommandError(`${path}: this file exists, and may be a key that is in use: name another`)
    if (code === "ENOENT") throw new CommandError(`${path}: the folder of this file does not exist: make it first`)
    throw new CommandError(`${path}: cannot be written: ${message}`)
  }
}
