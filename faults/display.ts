import { spawn } from "node:child_process"
import { once } from "node:events"

/** A display that nobody sees, and that outlives the app on it. */
export interface Display {
  /** For `DISPLAY`. */
  readonly name: string
  close(): Promise<void>
}

export async function openDisplay(): Promise<Display> {
  // It takes a free number and writes it to the descriptor that it is given (Xserver(1)).
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x960x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  })
  const name = await new Promise<string>((resolve, reject) => {
    server.once("error", reject)
    server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code} before it had a display`)))
    let text = ""
    server.stdio[3]?.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      if (text.endsWith("\n")) resolve(`:${text.trim()}`)
    })
  })
  return {
    name,
    close: async () => {
      const ended = once(server, "exit")
      server.kill()
      await ended
    },
  }
}
