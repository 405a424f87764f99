/**
 * Takes the session's data, with its key, out of the document.
 *
 * Promises that no script of the isolation app, and no later document in this frame, can read the key; and that this document can only
 * seal with it. Stops P10 and P13 (whatever looks for the key).
 */
import { type SandboxSession, SESSION_ELEMENT } from "../wire/messages.ts"

/** Empties and removes the element at once, before any script of the isolation app runs. */
export function takeSessionData(): SandboxSession {
  const element = document.getElementById(SESSION_ELEMENT) as HTMLScriptElement
  const session = JSON.parse(element.text) as SandboxSession
  element.text = ""
  element.remove()
  return session
}

/** Imports the sealing key, not extractable, and wipes the copy. */
export async function importSealingKey(session: SandboxSession): Promise<CryptoKey> {
  const bytes = Uint8Array.from(session.key)
  session.key.fill(0)
  try {
    return await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt"])
  } finally {
    bytes.fill(0)
  }
}
