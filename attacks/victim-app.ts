import { mkdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Weakness } from "./attack.ts"
import { toolboxScript } from "./toolbox-script.ts"

export interface VictimOptions {
  readonly weakness: Weakness | null
  /** Text of the isolation app's script. Default: `HOOK`. */
  readonly hook?: string
  readonly limits?: Readonly<Record<string, number>>
  /** What `app.security` says besides the pattern. */
  readonly security?: object
  readonly withGlobalTauri?: boolean
  /** Script of the plugin `probe`, for every page. Default: none. */
  readonly initScript?: string
  /** Further files of the app, by path from its folder; `frontend/` holds the frontend. */
  readonly files?: Readonly<Record<string, string>>
  /** Further commands, which only say that they ran. */
  readonly commands?: readonly string[]
  /** Whether the app insists on isolation. */
  readonly requireIsolation?: boolean
  /** Who must have signed the isolation app's lock. */
  readonly publicKey?: string
  /** Whether it has the plugins `fs` and `store`, and an audit log in its data's folder `logs`. */
  readonly hasFiles?: boolean
  /** Whether its pages come from a development server, which answers as it is asked to: `dev-answer.ts`. */
  readonly hasDevServer?: boolean
  /** Text of the program that stands for Chrome, where windows are shown as they are by default. */
  readonly browser?: string
}

export const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "forbidden") throw new Error("forbidden")
  if (payload.cmd === "read_file" && !String(payload.path).startsWith("/notes/")) throw new Error("no note")
  return payload
}`

export const ISOLATION_PAGE = '<!doctype html>\n<script src="index.js"></script>\n'

const FRONTEND = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Victim</title></head>
<body><script src="/toolbox.js"></script></body>
</html>
`

/** Writes the files of an app under attack. */
export async function writeApp(folder: string, options: VictimOptions): Promise<void> {
  const pattern =
    options.weakness === "brownfield" ? { use: "brownfield" } : { use: "isolation", options: { dir: "isolation" } }
  const files: Record<string, string> = {
    "tauri.conf.json": JSON.stringify({
      identifier: "org.sallyport.victim",
      build: { frontendDist: "frontend" },
      app: {
        windows: [{ label: "main" }, { label: "other" }],
        withGlobalTauri: options.withGlobalTauri ?? false,
        security: { pattern, ...options.security },
      },
      plugins: { sallyport: { limits: options.limits ?? {} } },
    }),
    "isolation/index.html": ISOLATION_PAGE,
    "isolation/index.js": options.hook ?? HOOK,
    "frontend/index.html": FRONTEND,
    "frontend/toolbox.js": await toolboxScript(options.weakness !== null),
    ...(options.browser !== undefined && { "temporary/.empty": "", "bin/google-chrome": options.browser }),
    ...options.files,
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text, { mode: file.startsWith("bin/") ? 0o755 : 0o644 })
  }
}
