import type { KeyObject } from "node:crypto"
import type { Config } from "./config/config.ts"
import type { MemoryFiles } from "./files/memory-files.ts"
import { type IsolationApp, readIsolationApp } from "./isolation-app/isolation-app.ts"
import { readPublicKey } from "./isolation-app/signing-key.ts"

export interface IsolationOptions {
  /**
   * Who must have signed the isolation app's lock: the text `ed25519:…` that `sallyport keygen` prints, or a public key in PEM
   * (SPKI). An isolation app without such a lock does not start then, and brownfield is an error.
   */
  readonly publicKey: string
}

export interface IsolationRequirements {
  readonly requireIsolation?: boolean | undefined
  readonly isolation?: IsolationOptions | undefined
}

/**
 * Reads the isolation app that the configuration names, as the Core's own code wants it. That code is what can be relied on: whoever can
 * change the files of an isolation app can change the configuration, too.
 *
 * @param carried where its folder is, when not on the disk
 * @returns `null`: brownfield
 * @throws IsolationAppError, Error for brownfield where isolation is required, TypeError for a key that is none
 */
export async function readRequiredIsolation(
  { file, pattern }: Config,
  { requireIsolation, isolation }: IsolationRequirements,
  carried: MemoryFiles | null = null,
): Promise<IsolationApp | null> {
  const publicKey = isolation === undefined ? undefined : requiredKey(isolation)
  if (pattern.use === "isolation") return await readIsolationApp(pattern.dir, { publicKey, carried })
  if (!requireIsolation && publicKey === undefined) return null
  throw new Error(
    `${file}: app.security.pattern.use is "brownfield", and this app requires isolation: ` +
      `set app.security.pattern to { "use": "isolation", "options": { "dir": … } }`,
  )
}

/** A key that is missing, such as an environment variable that is not set, must not pass for "no key required". */
function requiredKey({ publicKey }: IsolationOptions): KeyObject {
  try {
    if (typeof publicKey !== "string")
      throw new TypeError(`this is ${publicKey === null ? "null" : typeof publicKey}, no text`)
    return readPublicKey(publicKey)
  } catch (error) {
    throw new TypeError(`createApp: isolation.publicKey: ${(error as Error).message}`)
  }
}
