/**
 * What `sallyport dev` and the Core that it has started say to each other, over the channel between their processes. Types
 * and names only. The gate cookie's value and launch links go this way, and no other; window credentials never leave a Core,
 * only their hashes do.
 */

import type { Redemption } from "./boundary/core/window-registry.ts"
import type { Decision } from "./core/decisions.ts"
import type { ServerIdentity } from "./server/server.ts"
import type { SecondLaunch } from "./single-instance/launch-message.ts"
import type { Instance } from "./single-instance/start-instance.ts"
import type { BrowserWindow } from "./window/open-window.ts"

/** The environment variable that tells a Core that its parent is `sallyport dev`. */
export const DEV_VARIABLE = "SALLYPORT_DEV"

/** A window that is open while Cores come and go. */
export interface FormerWindow {
  readonly id: string
  readonly label: string
  readonly kind: BrowserWindow["kind"]
  readonly redemption: Redemption
}

/** What a Core takes over from the one that ran before it. */
export interface Former {
  /** `null`: it is the first. */
  readonly server: ServerIdentity | null
  readonly windows: readonly FormerWindow[]
  /** Whether pages are to load themselves again: what they were made from has changed. */
  readonly reload: boolean
}

/** A window as its Core wants it shown. */
export interface WantedWindow {
  readonly label: string
  readonly width: number
  readonly height: number
  readonly identifier: string
}

/** `undecided`: it cannot be decided. Else the message of an `InstanceError`. */
export type InstanceOutcome = "first" | "second" | "undecided" | { readonly error: string }

export type FromCore =
  /** It wants to know what to take over. */
  | { readonly kind: "starting" }
  /** It listens. Windows that it was told of and cannot take over, for it has another port, are lost. */
  | { readonly kind: "listening"; readonly server: ServerIdentity; readonly lost: readonly string[] }
  | { readonly kind: "show"; readonly id: string; readonly url: string; readonly window: WantedWindow }
  | { readonly kind: "redeemed"; readonly id: string; readonly redemption: Redemption }
  | { readonly kind: "revoked"; readonly id: string }
  | { readonly kind: "focus"; readonly id: string }
  | { readonly kind: "close"; readonly id: string }
  | { readonly kind: "decision"; readonly decision: Decision }
  /** It wants to be the app's first instance. The parent is that for it, while Cores come and go. */
  | { readonly kind: "instance"; readonly instance: Instance; readonly launch: SecondLaunch }
  /** It shows a window, so it takes second launches; or it gives that up, because it shows its windows by a function of its own. */
  | { readonly kind: "instance-shows" }
  | { readonly kind: "instance-given-up" }
  /** A file of the Core's own was loaded. */
  | { readonly kind: "loaded"; readonly file: string }

export type ToCore =
  | { readonly kind: "former"; readonly former: Former }
  | { readonly kind: "shown"; readonly id: string; readonly as: BrowserWindow["kind"] }
  | { readonly kind: "closed"; readonly id: string }
  | { readonly kind: "instance"; readonly outcome: InstanceOutcome }
  | { readonly kind: "launched"; readonly launch: SecondLaunch }
  /** End, and leave the windows open. */
  | { readonly kind: "end" }

/** As they are sent: a Core's author may use the same channel. */
export interface Envelope<Message> {
  readonly sallyport: Message
}
