import { type SandboxSession, SESSION_ELEMENT } from "../wire/messages.ts"

/**
 * Takes the session's data out of the document. The element is emptied and removed at once, before any script of the
 * isolation app runs: none of them can read the key, and neither can the next document in this frame.
 */
export function takeSessionData(): SandboxSession {
  const element = document.getElementById(SESSION_ELEMENT) as HTMLScriptElement
  const session = JSON.parse(element.text) as SandboxSession
  element.text = ""
  element.remove()
  return session
}

/** Imports the sealing key so that not even this document can read it again, and wipes the copy. */
export async function importSealingKey(session: SandboxSession): Promise<CryptoKey> {
  const bytes = Uint8Array.from(session.key)
  session.key.fill(0)
  try {
    return await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt"])
  } finally {
    bytes.fill(0)
  }
}
