import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { arch, platform, release } from "node:os"
import { join } from "node:path"
import { type Examine, error, type Finding, fine, warning } from "./finding.ts"

/** The oldest Node that runs TypeScript as Sallyport needs it. */
const NODE = [22, 18] as const
/** What of Tauri's API Sallyport was tried with; docs/tauri.md says what works. */
const TAURI_API = "2.12"

export const versions: Examine = async ({ project }) => {
  const { version } = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8")) as {
    version: string
  }
  const api = project === null ? [] : apiVersion(project.root)
  return {
    name: "Versions",
    findings: [
      fine(`Sallyport ${version}, ${platform()} ${release()} ${arch()}`),
      nodeVersion(process.versions.node),
      ...api,
    ],
  }
}

export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  const isEnough = major > NODE[0] || (major === NODE[0] && minor >= NODE[1])
  return isEnough ? fine(`Node ${version}`) : error(`Node ${version}`, `install Node ${NODE.join(".")} or newer`)
}

function apiVersion(root: string): Finding[] {
  let version: string
  try {
    const file = createRequire(join(root, "package.json")).resolve("@tauri-apps/api/package.json")
    version = (createRequire(import.meta.url)(file) as { version: string }).version
  } catch {
    return []
  }
  const what = `@tauri-apps/api ${version}`
  if (version.startsWith("2.")) return [fine(what)]
  return [warning(what, `use version 2 of it: Sallyport was tried with ${TAURI_API}`)]
}
