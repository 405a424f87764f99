import { existsSync, readFileSync, statSync } from "node:fs"
import { dirname, join, resolve, sep } from "node:path"
import type { Position } from "../../isolation-app/isolation-app.ts"
import { calledCommands, exportsOf, readSource, type Source } from "./called-commands.ts"
import type { Project } from "./find-project.ts"
import { listSources } from "./list-sources.ts"
import { type OfferedAt, offeredCommands } from "./offered-commands.ts"
import { rustCommands } from "./rust-commands.ts"

/** A place in a source file: an absolute path. */
export interface Place extends Position {
  readonly file: string
}

/** A command's name and where it is written. */
export interface CommandAt extends Place {
  readonly name: string
}

/** The commands of a project, found by reading its sources. */
export interface ProjectCommands {
  /** `invoke("…")` in the frontend, and calls of clients, in the order of files and lines. */
  readonly called: readonly CommandAt[]
  /** Calls in the frontend whose command is computed: the list above may lack what they call. */
  readonly computed: readonly Place[]
  /** `generate_handler![…]` in Rust, `createApp({ commands })` in TypeScript. */
  readonly offered: readonly CommandAt[]
  /** Every word in quotes in the frontend: what is called through a table of names is among them. */
  readonly quoted: ReadonlySet<string>
  /** How many files of the frontend were read. */
  readonly files: number
}

const FRONTEND = /\.([cm]?[jt]sx?|html?|vue|svelte|astro)$/i
const QUOTED = /["'`]([\w:|-]{1,100})(?=["'`])/g
/** A file that is longer was not written by hand, in bytes. */
const LONGEST = 2_000_000

/** Finds what the frontend of a project calls and what its Core offers. Files that cannot be read are left out. */
export async function findCommands(project: Project): Promise<ProjectCommands> {
  const tauriFolder = dirname(project.config)
  const isolation = [project.isolationDir, join(project.root, "src-isolation")].filter((folder) => folder !== null)
  const rust = await listSources(tauriFolder, /\.rs$/, new Set())
  const folders = frontendFolders(project)
  const lists = folders.map((folder) =>
    listSources(folder, FRONTEND, new Set([...isolation, join(project.root, "src-tauri")])),
  )
  const files = [...new Set((await Promise.all(lists)).flat())].filter((file) => !isMinified(file))

  const sources = new Map<string, Source>()
  for (const file of files) {
    const text = read(file)
    if (text !== null && /invoke|createClient|createApp|__TAURI/.test(text)) sources.set(file, readSource(text, file))
    else if (text !== null) sources.set(file, { text, code: text })
  }
  const quoted = new Set<string>()
  for (const { text } of sources.values()) for (const [, word = ""] of text.matchAll(QUOTED)) quoted.add(word)
  const wrappers = new Set<string>()
  const clients = new Map<string, string>()
  for (const source of sources.values()) {
    const found = exportsOf(source)
    for (const name of found.wrappers) wrappers.add(name)
    for (const [name, prefix] of found.clients) clients.set(name, prefix)
  }
  const called: CommandAt[] = []
  const computed: Place[] = []
  const offered: CommandAt[] = []
  for (const [file, source] of sources) {
    const calls = calledCommands(source, { wrappers, clients })
    called.push(...calls.called.map(({ name, offset }) => ({ name, file, ...positionAt(source.text, offset) })))
    computed.push(...calls.computed.map((offset) => ({ file, ...positionAt(source.text, offset) })))
    if (/\bcreateApp\b/.test(source.code) && /\.[cm]?[jt]s$/.test(file)) {
      offered.push(...offeredCommands(file, source.text, load).map(placed))
    }
  }
  for (const file of rust) {
    const text = read(file) ?? ""
    offered.push(...rustCommands(text).map(({ name, offset }) => ({ name, file, ...positionAt(text, offset) })))
  }
  return { called, computed, offered, quoted, files: sources.size }
}

/** Where the frontend's sources are: in the app's folder, and around the built frontend when that is elsewhere. */
function frontendFolders({ root, frontendDist, isFrontendBuilt }: Project): readonly string[] {
  if (frontendDist === null) return [root]
  const isInside = frontendDist.startsWith(root + sep)
  if (isFrontendBuilt) return isInside ? [root] : [root, dirname(frontendDist)]
  return [root, frontendDist]
}

const isMinified = (file: string): boolean => /[.-]min\.[cm]?js$/.test(file)

function read(file: string): string | null {
  try {
    if (statSync(file).size > LONGEST) return null
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "")
  } catch {
    return null
  }
}

function load(from: string, specifier: string): { file: string; text: string } | null {
  if (!specifier.startsWith(".")) return null
  const path = resolve(dirname(from), specifier)
  const candidates = [path, path.replace(/\.js$/, ".ts"), `${path}.ts`, `${path}.js`, join(path, "index.ts")]
  const file = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile())
  const text = file === undefined ? null : read(file)
  return file === undefined || text === null ? null : { file, text }
}

function placed({ name, file, offset }: OfferedAt): CommandAt {
  return { name, file, ...positionAt(read(file) ?? "", offset) }
}

/** Where an offset of a text is: line and column count from 1. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf("\n") + 1
  return { line: before.split("\n").length, column: offset - start + 1 }
}
