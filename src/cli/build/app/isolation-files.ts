import type { KeyObject } from "node:crypto"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buildIsolationApp } from "../../../isolation-app/build.ts"
import { readIsolationApp } from "../../../isolation-app/isolation-app.ts"
import { LOCK_NAME } from "../../../isolation-app/lock.ts"
import type { DevPlace } from "../../dev/find-dev-place.ts"
import { CommandError } from "../../run-command.ts"
import { shownPath } from "../../shown-path.ts"

/** The isolation app as it is to be shipped: built and locked. */
export async function isolationFiles(
  { config, isolationDir, source }: DevPlace,
  key: KeyObject | undefined,
  say: (line: string) => void,
): Promise<{ readonly files: ReadonlyMap<string, Uint8Array>; readonly signedBy: string | null } | null> {
  if (isolationDir === null) {
    if (key !== undefined)
      throw new CommandError(`${config.file}: app.security.pattern.use is not "isolation", so there is nothing to sign`)
    return null
  }
  if (source !== null) {
    say(`building the isolation app from ${shownPath(source)}`)
    const { lock } = await buildIsolationApp({ source, dir: isolationDir, key })
    return { files: await filesOf(isolationDir, lock.files), signedBy: lock.signature?.publicKey ?? null }
  }
  const { lock, files } = await readIsolationApp(isolationDir)
  if (lock !== null && key === undefined)
    return { files: await filesOf(isolationDir, files), signedBy: lock.signature?.publicKey ?? null }
  // It was written by hand, and is locked here, as it is used in the build.
  const folder = await mkdtemp(join(tmpdir(), "sallyport-isolation-"))
  try {
    const built = await buildIsolationApp({ source: isolationDir, dir: join(folder, "built"), key })
    return { files: await filesOf(built.dir, built.lock.files), signedBy: built.lock.signature?.publicKey ?? null }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function filesOf(
  dir: string,
  locked: readonly { readonly path: string }[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = [...locked.map(({ path }) => path), LOCK_NAME]
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name))] as const)))
}
