import { spawn } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { endProcess } from "./drivers/end-process.ts"

const VITE = fileURLToPath(new URL("../node_modules/vite/bin/vite.js", import.meta.url))

/** How long Vite may take to start or to build, in ms: the first time it bundles the packages that a page imports. */
const VITE_MS = 40_000

/** Vite's development server for a folder, as `npm run dev` starts it. */
export interface ViteServer {
  /** Everything that it printed. */
  readonly output: () => string
  close(): Promise<void>
}

/** @throws Error with what Vite printed, when it does not listen */
export async function startVite(folder: string, port: number): Promise<ViteServer> {
  const child = spawn(process.execPath, [VITE, "--port", String(port)], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, NO_COLOR: "1" },
  })
  let output = ""
  const close = (): Promise<void> => endProcess(child)
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Vite does not listen:\n${output}`)), VITE_MS)
      const read = (chunk: Buffer): void => {
        output += chunk.toString()
        if (!output.includes(`localhost:${port}`)) return
        clearTimeout(late)
        resolve()
      }
      child.stdout.on("data", read)
      child.stderr.on("data", read)
      child.once("exit", (code) => reject(new Error(`Vite ended with ${code}:\n${output}`)))
    })
  } catch (error) {
    await close()
    throw error
  }
  return { output: () => output, close }
}

/** Builds a folder's `dist`, as `npm run build` does. */
export async function viteBuild(folder: string): Promise<void> {
  const child = spawn(process.execPath, [VITE, "build"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: VITE_MS,
    env: { ...process.env, NO_COLOR: "1" },
  })
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString()
    })
  const code = await new Promise((resolve) => child.once("close", resolve))
  if (code !== 0) throw new Error(`vite build ended with ${code} in ${join(folder)}:\n${output}`)
}
