import { createHash, createPublicKey, type KeyObject } from "node:crypto"
import { resolve } from "node:path"
import { assertApart } from "./apart.ts"
import { buildPage } from "./build-page.ts"
import { readIsolationApp } from "./isolation-app.ts"
import { createLock, LOCK_NAME, type Lock, serializeLock } from "./lock.ts"
import { signLock } from "./lock-signature.ts"
import { recover, replaceFolder } from "./replace-folder.ts"

export interface BuildOptions {
  /** The folder that is built from. */
  readonly source: string
  /** The folder that is built: `app.security.pattern.options.dir`. */
  readonly dir: string
  /** The Ed25519 private key that signs the lock. */
  readonly key?: KeyObject | undefined
}

/** An isolation app that was built. All paths are absolute. */
export interface Build {
  readonly source: string
  readonly dir: string
  /** What it was made of, sorted. */
  readonly sources: readonly string[]
  readonly lock: Lock
  /** Whether anything in `dir` is other than before. */
  readonly changed: boolean
}

/**
 * Builds an isolation app: `dir` then holds an `index.html` with every script in it, and its lock, and nothing else. The same source
 * makes the same bytes, on any machine. What is wrong with the source leaves `dir` as it was.
 *
 * @throws IsolationAppError
 */
export async function buildIsolationApp(options: BuildOptions): Promise<Build> {
  const [source, dir] = [resolve(options.source), resolve(options.dir)]
  const { key } = options
  await assertApart(source, dir)
  await recover(dir)
  const { html, sources } = await buildPage(source)
  const unsigned = createLock([{ path: "index.html", sha256: createHash("sha256").update(html).digest("hex") }])
  const lock = key === undefined ? unsigned : signLock(unsigned, key)
  const publicKey = key === undefined ? undefined : createPublicKey(key)
  const files = { "index.html": html, [LOCK_NAME]: serializeLock(lock) } as const
  // It is read as a launch will: what does not start is not put there.
  const changed = await replaceFolder(
    dir,
    files,
    async (folder) => void (await readIsolationApp(folder, { publicKey })),
  )
  return { source, dir, sources, lock, changed }
}
