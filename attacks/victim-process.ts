import { type ChildProcess, fork } from "node:child_process"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Decision } from "sallyport"
import type { Weakness } from "./attack.ts"
import { toolboxScript } from "./toolbox-script.ts"
import { weakenedSource } from "./weakened-source.ts"

export interface VictimOptions {
  readonly weakness: Weakness | null
  /** Text of the isolation app's script. Default: `HOOK`. */
  readonly hook?: string
  readonly limits?: Readonly<Record<string, number>>
  /** What `app.security` says besides the pattern. */
  readonly security?: object
  /** Further files of the app, by path from its folder; `frontend/` holds the frontend. */
  readonly files?: Readonly<Record<string, string>>
  /** Further commands, which only say that they ran. */
  readonly commands?: readonly string[]
}

/** What the process is started with. */
export interface VictimSettings {
  /** From where it imports Sallyport. */
  readonly module: string
  readonly config: string
  readonly commands: readonly string[]
}

export type ToVictim =
  | { readonly kind: "open"; readonly label: string }
  | { readonly kind: "emit"; readonly label: string; readonly event: string; readonly payload: unknown }
  | { readonly kind: "close" }

export type FromVictim =
  | { readonly kind: "listening"; readonly origin: string }
  | { readonly kind: "opened"; readonly url: string }
  /** A window that a page has created. */
  | { readonly kind: "shown"; readonly url: string }
  | { readonly kind: "ran"; readonly command: string; readonly args: unknown; readonly window: string }
  | { readonly kind: "decision"; readonly decision: Decision }
  | { readonly kind: "log"; readonly line: string }

type Ran = Extract<FromVictim, { kind: "ran" }>

export const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "forbidden") throw new Error("forbidden")
  if (payload.cmd === "read_file" && !String(payload.path).startsWith("/notes/")) throw new Error("no note")
  return payload
}`

const FRONTEND = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Victim</title></head>
<body><script src="/toolbox.js"></script></body>
</html>
`

/** An app under attack: a real Core in a process of its own, and what its parent has heard of it. */
export class Victim {
  readonly origin: string
  /** Commands that ran since `forget`. */
  ran: Ran[] = []
  decisions: Decision[] = []
  /** Links of the windows that pages have created since `forget`. */
  shown: string[] = []
  readonly folder: string
  readonly #settings: VictimSettings
  #child: ChildProcess
  #opened: ((url: string) => void) | undefined

  private constructor(settings: VictimSettings, { child, origin }: Listening) {
    this.#settings = settings
    this.#child = child
    this.folder = settings.config
    this.origin = origin
    child.on("message", (message: FromVictim) => this.#hear(message))
  }

  static async start(options: VictimOptions): Promise<Victim> {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-victim-"))
    await writeApp(folder, options)
    const { weakness } = options
    const module = weakness === null || weakness === "brownfield" ? "sallyport" : await weakenedSource(weakness)
    const settings: VictimSettings = { module, config: folder, commands: options.commands ?? [] }
    return new Victim(settings, await listening(settings))
  }

  /** Ends the process and starts another one, on the same port. */
  async restart(): Promise<void> {
    await this.#end()
    const { child, origin } = await listening(this.#settings)
    if (origin !== this.origin) throw new Error(`the app was at ${this.origin} and is at ${origin} now`)
    this.#child = child
    child.on("message", (message: FromVictim) => this.#hear(message))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Whether it still runs: an attack that ends the Core has succeeded. */
  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  hasRun(command: string): boolean {
    return this.ran.some((ran) => ran.command === command)
  }

  hasDecided(kind: Decision["kind"]): boolean {
    return this.decisions.some((decision) => decision.kind === kind)
  }

  forget(): void {
    this.ran = []
    this.decisions = []
    this.shown = []
  }

  /** The link that opens a window, once. */
  launchUrl(label: string): Promise<string> {
    this.#say({ kind: "open", label })
    return new Promise((resolve) => {
      this.#opened = resolve
    })
  }

  emitTo(label: string, event: string, payload: unknown): void {
    this.#say({ kind: "emit", label, event, payload })
  }

  async close(): Promise<void> {
    await this.#end()
    await rm(this.folder, { recursive: true, force: true })
  }

  async #end(): Promise<void> {
    if (!this.isAlive) return
    const ended = new Promise((resolve) => this.#child.once("exit", resolve))
    this.#say({ kind: "close" })
    await ended
  }

  #say(message: ToVictim): void {
    this.#child.send(message)
  }

  #hear(message: FromVictim): void {
    if (message.kind === "ran") this.ran.push(message)
    if (message.kind === "decision") this.decisions.push(message.decision)
    if (message.kind === "opened") this.#opened?.(message.url)
    if (message.kind === "shown") this.shown.push(message.url)
  }
}

interface Listening {
  readonly child: ChildProcess
  readonly origin: string
}

async function listening(settings: VictimSettings): Promise<Listening> {
  const child = fork(fileURLToPath(new URL("victim.ts", import.meta.url)), [JSON.stringify(settings)], {
    // The port that is remembered goes with the folder.
    env: { ...process.env, XDG_STATE_HOME: join(settings.config, "state") },
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  })
  const origin = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the app under attack ended with ${code} before it listened`)))
    child.on("message", (message: FromVictim) => {
      if (message.kind === "listening") resolve(message.origin)
    })
  })
  return { child, origin }
}

async function writeApp(folder: string, options: VictimOptions): Promise<void> {
  const pattern =
    options.weakness === "brownfield" ? { use: "brownfield" } : { use: "isolation", options: { dir: "isolation" } }
  const files: Record<string, string> = {
    "tauri.conf.json": JSON.stringify({
      identifier: "org.sallyport.victim",
      build: { frontendDist: "frontend" },
      app: { windows: [{ label: "main" }, { label: "other" }], security: { pattern, ...options.security } },
      plugins: { sallyport: { limits: options.limits ?? {} } },
    }),
    "isolation/index.html": '<!doctype html>\n<script src="index.js"></script>\n',
    "isolation/index.js": options.hook ?? HOOK,
    "frontend/index.html": FRONTEND,
    "frontend/toolbox.js": await toolboxScript(),
    ...options.files,
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}
