import { execFileSync, spawnSync } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Packs Sallyport as it would be published. @returns absolute path of the package, and the files in it */
export function pack(folder: string): { readonly tarball: string; readonly files: readonly string[] } {
  const output = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
  const result = JSON.parse(output) as unknown
  // npm 11 lists the packages; later ones name them.
  const [{ filename, files }] = Object.values(result as object) as [{ filename: string; files: { path: string }[] }]
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) }
}

/** Runs a command line. */
export function shell(
  line: string,
  cwd: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const env = { ...process.env, npm_config_prefer_offline: "true", npm_config_fund: "false", npm_config_audit: "false" }
  return spawnSync("bash", ["-c", line], { cwd, encoding: "utf8", env })
}

/** The launch link that an app prints where it finds no browser to show it. */
export async function linkIn(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) {
    const link = /http:\/\/localhost:\d+\/__sallyport__\/open#\S+/.exec(line)?.[0]
    if (link !== undefined) return link
  }
  throw new Error("the app has ended without printing a link")
}
