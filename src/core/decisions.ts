import { channel } from "node:diagnostics_channel"
import type { HookState, LogLine } from "../boundary/wire/messages.ts"

/** Name of the `node:diagnostics_channel` on which every decision is published. */
export const DIAGNOSTICS_CHANNEL = "sallyport"

/** Everything the Core decides, and what the isolation app reports. Published as it happens; nothing here is a secret. */
export type Decision =
  | { readonly kind: "window-opened"; readonly window: string }
  | { readonly kind: "launch-ticket-reused"; readonly window: string }
  | { readonly kind: "session-started"; readonly window: string; readonly session: string }
  | { readonly kind: "session-ended"; readonly window: string; readonly session: string; readonly reason: string }
  | { readonly kind: "session-refused"; readonly reason: string }
  /** Served its isolation document, and never heard of it again: a page that carries nothing, or a broken isolation app. */
  | { readonly kind: "session-silent"; readonly window: string; readonly session: string }
  | { readonly kind: "hook"; readonly window: string; readonly session: string; readonly state: HookState }
  | {
      readonly kind: "call"
      readonly window: string
      readonly session: string
      readonly id: number
      readonly command: string
    }
  | {
      readonly kind: "call-refused"
      readonly window: string
      readonly session: string
      readonly id: number
      readonly command: string
      readonly code: string
      readonly reason: string
    }
  /** The window's capabilities do not grant the command. */
  | {
      readonly kind: "call-denied"
      readonly window: string
      readonly session: string
      readonly id: number
      readonly command: string
      readonly reason: string
    }
  | { readonly kind: "frame-refused"; readonly window: string; readonly session: string; readonly reason: string }
  | { readonly kind: "request-refused"; readonly reason: string; readonly [detail: string]: string | number }
  | {
      readonly kind: "isolation-log"
      readonly window: string
      readonly session: string
      readonly level: LogLine[0]
      readonly text: string
    }

const decisions = channel(DIAGNOSTICS_CHANNEL)

/** Whether anybody listens: what is decided by the ten thousand is only put into words for somebody. */
export function isObserved(): boolean {
  return decisions.hasSubscribers
}

export function decided(decision: Decision): void {
  decisions.publish(decision)
}
