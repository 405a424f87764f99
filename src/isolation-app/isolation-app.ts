import { createHash, type KeyObject } from "node:crypto"
import type { MemoryFiles } from "../files/memory-files.ts"
import type { IsolationAppFile } from "./folder.ts"
import { inspectIsolationApp } from "./inspect.ts"
import type { Lock } from "./lock.ts"

export type { IsolationAppFile } from "./folder.ts"
export {
  ISOLATION_APP_ERRORS,
  IsolationAppError,
  type IsolationAppErrorCode,
  type Position,
} from "./isolation-app-error.ts"

/** An isolation app read into memory: what was read (and hashed) is what is served. */
export interface IsolationApp {
  /** Absolute path of the folder. */
  readonly dir: string
  /** `index.html` and the scripts it loads, sorted by path. Nothing else in the folder is ever used. */
  readonly files: readonly IsolationAppFile[]
  /** The CSP sources of its scripts, without quotes, each once: `sha256-` and base64. */
  readonly scripts: readonly string[]
  /** What `isolation.lock.json` said of it, when there was one. All of it is so. */
  readonly lock: Lock | null
  /** The document with `head` (runtime + session data, made by the server) as the first thing in `<head>`. */
  render(head: string): string
}

export interface ReadOptions {
  /** Who must have signed its lock, an Ed25519 key. By default a lock may be missing, and anybody's. */
  readonly publicKey?: KeyObject | undefined
  /** Where the folder is, when not on the disk. */
  readonly carried?: MemoryFiles | null | undefined
}

/**
 * Reads an isolation app, checks that it is the one that was locked, and that it can run in the isolation frame:
 *
 * 1. Each `<script src>` is inlined. A deferred one moves to the end of the body, for it expects the whole document.
 * 2. `<meta http-equiv="Content-Security-Policy">` is taken out: it was written for scripts in files, and the server sends a
 *    stricter policy. `<base>` is taken out: as in Tauri, paths start at the folder, and nothing else is ever loaded.
 * 3. The page as it will be served is parsed once more, as a browser will, and must hold exactly the scripts that were
 *    checked. These are hashed.
 *
 * @throws IsolationAppError
 */
export async function readIsolationApp(dir: string, options: ReadOptions = {}): Promise<IsolationApp> {
  const inspection = await inspectIsolationApp(
    dir,
    (error) => {
      throw error
    },
    options,
  )
  if (inspection?.served == null) throw new Error("the inspection reported nothing and served nothing")
  const [before, after] = inspection.served
  return {
    dir: inspection.folder.dir,
    files: inspection.folder.files,
    scripts: [...new Set(inspection.scripts.map(({ text }) => cspSource(text)))],
    lock: inspection.lock,
    render: (head) => before + head + after,
  }
}

const cspSource = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`
