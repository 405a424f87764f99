import { randomInt } from "node:crypto"
import { randomToken, Tickets, tokenHash } from "./tickets.ts"

/** How long a launch link can be used, in ms. */
export const LAUNCH_TICKET_MS = 60_000

/** Numbers of windows are less than this. */
const MAX_NUMBER = 2 ** 32

/** What a window came with. Both by their hashes, of which nobody makes either. */
export interface Redemption {
  readonly ticket: string
  readonly credential: string
}

/** Hears what becomes of a window. */
export interface WindowObserver {
  /** Its launch ticket was traded for its credential. */
  redeemed(redemption: Redemption): void
  /** Its launch ticket came a second time: its credential is void. */
  revoked?(): void
  /** It has this many sessions now. */
  sessions(count: number): void
}

/** A window that was opened, as its credential stands for it. */
export interface WindowIdentity {
  /** Names the window's isolation origin. Of no other window, and of none that other launches have in the same browser. */
  readonly number: number
  readonly label: string
  readonly observer: WindowObserver
}

/** What a window shows, and where. */
export interface WindowView {
  readonly url: string
  readonly title: string | null
}

/** What redeeming a launch ticket gives the page: who it is, and where to go. */
export interface WindowGrant {
  readonly credential: string
  readonly label: string
  /** The window's title as configured; `null`: the page's own. */
  readonly title: string | null
  /** The window's address as configured, relative to the app origin: `index.html`, `/settings?tab=1`. */
  readonly url: string
}

interface Launch extends WindowIdentity {
  readonly view: WindowView
}

/** Launch tickets and the window credentials they are traded for. */
export class WindowRegistry {
  readonly #launches: Tickets<Launch>
  /** Hash of each redeemed ticket, and of the credential that it gave. */
  readonly #redeemed = new Map<string, string>()
  /** By the credential's hash. */
  readonly #identities = new Map<string, WindowIdentity>()
  /** Windows that are closed: neither their tickets nor their credentials are good for anything any more. */
  readonly #closed = new WeakSet<WindowObserver>()
  /** Windows that are open, by number. */
  readonly #open = new Map<number, WindowObserver>()

  constructor(now?: () => number) {
    this.#launches = new Tickets(LAUNCH_TICKET_MS, now)
  }

  launch(label: string, view: WindowView, observer: WindowObserver): string {
    return this.#launches.issue({ number: this.#number(observer), label, view, observer })
  }

  /**
   * Trades a ticket for a window credential. A ticket that comes a second time was seen by somebody else: then neither of
   * the two may go on, for nobody can tell which is the app's own window. `reused` is the window that lost its credential.
   */
  redeem(ticket: string): WindowGrant | { readonly reused: WindowIdentity } | null {
    const spent = this.#redeemed.get(tokenHash(ticket))
    if (spent !== undefined) {
      const reused = this.#identities.get(spent)
      this.#identities.delete(spent)
      reused?.observer.revoked?.()
      return reused === undefined ? null : { reused }
    }
    const launch = this.#launches.redeem(ticket)
    if (launch === null || this.#closed.has(launch.observer)) return null
    const credential = randomToken()
    const redemption = { ticket: tokenHash(ticket), credential: tokenHash(credential) }
    this.#identify(redemption, launch)
    launch.observer.redeemed(redemption)
    return { credential, label: launch.label, ...launch.view }
  }

  /** Takes over a window that came to the Core in whose place this one is. */
  adopt(redemption: Redemption, { label, observer }: Omit<WindowIdentity, "number">): void {
    this.#identify(redemption, { number: this.#number(observer), label, observer })
  }

  /** Whether a window of this number is open: its ticket has been made, and it has not been closed. */
  has(number: number): boolean {
    return this.#open.has(number)
  }

  /**
   * Browsers give a process to a host name, whatever the port: by a random number, a window shares it with no other app of
   * this user either.
   */
  #number(observer: WindowObserver): number {
    let number = 0
    do number = randomInt(1, MAX_NUMBER)
    while (this.#open.has(number))
    this.#open.set(number, observer)
    return number
  }

  /** Knows a window by its credential. */
  #identify({ ticket, credential }: Redemption, identity: WindowIdentity): void {
    this.#redeemed.set(ticket, credential)
    this.#identities.set(credential, identity)
  }

  /** Whose credential it is; `null` when it is nobody's. */
  identify(credential: string): WindowIdentity | null {
    const identity = this.#identities.get(tokenHash(credential))
    return identity === undefined || this.#closed.has(identity.observer) ? null : identity
  }

  /** A window is closed: a page that is left of it is nobody's, for its label may be another's soon. */
  close(observer: WindowObserver): void {
    this.#closed.add(observer)
    for (const [number, open] of this.#open) if (open === observer) this.#open.delete(number)
    for (const [hash, identity] of this.#identities) if (identity.observer === observer) this.#identities.delete(hash)
    // A ticket whose credential is void gives nothing either way: nobody need know any more that it was spent.
    for (const [ticket, hash] of this.#redeemed) if (!this.#identities.has(hash)) this.#redeemed.delete(ticket)
  }
}
