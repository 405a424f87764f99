/** Processes that claim the same thing: each says "ready", claims when it is told to, says what came of it, and lives on. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"

const SCRIPT = `
import { once } from "node:events"
import { claim } from ${JSON.stringify(new URL("claim.ts", import.meta.url).href)}
import { SocketFolder } from ${JSON.stringify(new URL("socket-folder.ts", import.meta.url).href)}
process.stdin.on("end", () => process.exit())
console.log("ready")
await once(process.stdin, "data")
const held = await claim(new SocketFolder(process.argv[1], ["test"]))
if ("release" in held) {
  held.serve((socket) => socket.resume())
  console.log("first")
} else {
  held.destroy()
  console.log("second")
}
process.stdin.on("data", async () => {
  await held.release()
  console.log("released")
})
`

export class Claimant {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(folder: string) {
    this.#child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", SCRIPT, folder],
      {
        stdio: ["pipe", "pipe", "inherit"],
      },
    )
    if (this.#child.stdout === null) throw new Error("no output")
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
  }

  async says(): Promise<string> {
    return (await this.#lines.next()).value
  }

  /** Has it claim, or release what it holds. */
  go(): void {
    this.#child.stdin?.write("go\n")
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise((resolve) => this.#child.once("exit", resolve))
    this.#child.kill("SIGKILL")
    await ended
  }
}
