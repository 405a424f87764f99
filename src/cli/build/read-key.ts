import type { KeyObject } from "node:crypto"
import { readFile, stat } from "node:fs/promises"
import { resolve } from "node:path"
import { readPrivateKey } from "../../isolation-app/signing-key.ts"
import { CommandError } from "../run-command.ts"

/**
 * Reads the key that signs.
 *
 * @param warn gets what is not right with the file, and does not keep it from being used
 * @throws CommandError, never with what the file holds
 */
export async function readKeyFile(path: string, warn: (warning: string) => void): Promise<KeyObject> {
  const file = resolve(path)
  try {
    const { mode } = await stat(file)
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      warn(`${file}: others than you may read this key: chmod 600 ${path}`)
    }
    return readPrivateKey(await readFile(file, "utf8"))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === "ENOENT") throw new CommandError(`${file}: there is no such file: make a key with "sallyport keygen"`)
    throw new CommandError(`${file}: ${message}`)
  }
}
