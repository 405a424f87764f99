import { CREDENTIAL_ITEM } from "../protocol/endpoints.ts"

/** What the launch left in this window: who it is to the Core; label and title are for display only. */
export interface Identity {
  readonly credential: string
  readonly label: string
  readonly title: string | null
}

/** `null` in a page that the app did not open. */
export function readIdentity(): Identity | null {
  try {
    return JSON.parse(sessionStorage.getItem(CREDENTIAL_ITEM) ?? "null")
  } catch {
    return null
  }
}

/** A title that was set for the window: the page has it again when it is loaded again. */
export function keepTitle(title: string): void {
  sessionStorage.setItem(CREDENTIAL_ITEM, JSON.stringify({ ...readIdentity(), title }))
}
