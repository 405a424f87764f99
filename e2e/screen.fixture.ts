import { type ChildProcess, spawn } from "node:child_process"
import { findBrowser } from "./drivers/find-browser.ts"

/** A screen of a test's own, for programs that show real windows. */
export class Screen {
  /** What a program needs in its environment to show a window there. */
  readonly env: NodeJS.ProcessEnv
  readonly #server: ChildProcess

  private constructor(env: NodeJS.ProcessEnv, server: ChildProcess) {
    this.env = env
    this.#server = server
  }

  static async start(): Promise<Screen> {
    // It lives as long as its standard input is open.
    const server = spawn(findBrowser("xvfb"), ["-a", "sh", "-c", "echo $DISPLAY $XAUTHORITY; cat"], {
      stdio: ["pipe", "pipe", "ignore"],
    })
    const line = await new Promise<string>((resolve, reject) => {
      server.once("error", reject)
      server.once("exit", (code) => reject(new Error(`xvfb-run ended with exit status ${code}`)))
      let output = ""
      server.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text
        if (output.includes("\n")) resolve(output.trim())
      })
    })
    const [DISPLAY, XAUTHORITY] = line.split(" ")
    return new Screen({ DISPLAY, XAUTHORITY }, server)
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#server.once("close", resolve))
    this.#server.stdin?.end()
    await ended
  }
}
