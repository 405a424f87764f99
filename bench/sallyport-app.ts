import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { ServerProcess } from "./server-process.ts"

export type Pattern = "isolation" | "brownfield"

/** A hook that looks at what a real one would, as a function that makes it. */
export const MAKE_HOOK = `() => {
  const allowed = new Set(["echo", "length", "stream"])
  return (payload) => {
    if (!allowed.has(payload.cmd)) throw new Error("not allowed")
    if (payload.path !== undefined && payload.path.includes("..")) throw new Error("not allowed")
    return payload
  }
}`

/** Only a cross-origin isolated page gets a clock of 5 to 20 µs; in one of a millisecond a single call vanishes. */
export const FINE_CLOCK = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
} as const

const DOCUMENT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Benchmark</title></head>
<body><script src="subject.js"></script></body></html>
`

/** Whoever uses `@tauri-apps/api` calls the same. */
const SUBJECT = `const { invoke, transformCallback } = __TAURI_INTERNALS__
window.subject = {
  echo: (args) => invoke("echo", args),
  length: (bytes) => invoke("length", bytes),
  stream: (count) => new Promise((resolve, reject) => {
    let seen = 0
    const channel = transformCallback(({ message, index }) => {
      if (message?.n !== index) return
      if (++seen === count) resolve(seen)
    })
    invoke("stream", { channel: \`__CHANNEL__:\${channel}\`, count }).catch(reject)
  }),
}
window.firstReply = window.subject.echo({ path: "notes/a.md", n: 0 }).then(() => performance.now())
`

/** Sallyport's own app with one pattern, its Core in a process of its own. */
export class SallyportApp {
  readonly core: ServerProcess
  readonly #folder: string

  private constructor(core: ServerProcess, folder: string) {
    this.core = core
    this.#folder = folder
  }

  /** @param execArgv what Node is started with besides, such as `--cpu-prof` */
  static async start(pattern: Pattern, execArgv: readonly string[] = []): Promise<SallyportApp> {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-"))
    await writeApp(folder, pattern)
    // The port that is remembered goes with the folder.
    const env = { XDG_STATE_HOME: join(folder, "state") }
    const core = await ServerProcess.start(new URL("core.ts", import.meta.url), [folder], { env, execArgv })
    return new SallyportApp(core, folder)
  }

  /** The link that opens its window, once. */
  launchUrl(): Promise<string> {
    return this.core.ask("open")
  }

  async close(): Promise<void> {
    await this.core.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** What an app has that is not like the others. */
export interface AppOptions {
  /** The isolation app's script. */
  readonly hook?: string
  /** Labels of its windows. */
  readonly labels?: readonly string[]
  readonly limits?: Readonly<Record<string, number>>
}

/** Writes the app into a folder: configuration, page, isolation app. */
export async function writeApp(folder: string, pattern: Pattern, options: AppOptions = {}): Promise<void> {
  const { hook = `window.__TAURI_ISOLATION_HOOK__ = (${MAKE_HOOK})()\n`, labels = ["main"], limits = {} } = options
  const use = pattern === "isolation" ? { use: "isolation", options: { dir: "isolation" } } : { use: "brownfield" }
  const files: Record<string, string> = {
    "tauri.conf.json": JSON.stringify({
      identifier: "org.sallyport.bench",
      build: { frontendDist: "frontend" },
      app: { windows: labels.map((label) => ({ label })), security: { pattern: use, headers: FINE_CLOCK } },
      plugins: { sallyport: { limits } },
    }),
    "frontend/index.html": DOCUMENT,
    "frontend/subject.js": SUBJECT,
    "isolation/index.html": '<!doctype html>\n<script src="index.js"></script>\n',
    "isolation/index.js": hook,
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}
