/**
 * Launch tickets, and the window credentials for which they are traded.
 *
 * Promises that a session's window label comes from the launch; that a launch ticket gives one credential, and used twice leaves none;
 * and that nothing identifies a window that was closed. Stops N3, N4 and P17: a page that chooses its label, and a process that has
 * seen a launch link and joins its window unnoticed.
 */
import { randomToken, Tickets, tokenHash } from "./tickets.ts"

/** How long a launch link can be used, in ms. */
export const LAUNCH_TICKET_MS = 60_000

/** Hashes of a launch ticket and of the window credential that it gave. */
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

/** An open window, as its credential identifies it. */
export interface WindowIdentity {
  /** Names the window's isolation origin. */
  readonly number: number
  readonly label: string
  readonly observer: WindowObserver
}

/** Address and title of a window. */
export interface WindowView {
  /** The window's address as configured, relative to the app origin: `index.html`, `/settings?tab=1`. */
  readonly url: string
  /** The window's title as configured; `null`: the page's own. */
  readonly title: string | null
}

/** The answer to a launch ticket. */
export interface WindowGrant extends WindowView {
  readonly credential: string
  readonly label: string
}

interface Launch {
  readonly identity: WindowIdentity
  readonly view: WindowView
}

export class WindowRegistry {
  readonly #launches: Tickets<Launch>
  /** Hash of each redeemed ticket, and of the credential that it gave. */
  readonly #redeemed = new Map<string, string>()
  /** By the credential's hash. */
  readonly #identities = new Map<string, WindowIdentity>()
  readonly #closed = new WeakSet<WindowObserver>()

  constructor(now?: () => number) {
    this.#launches = new Tickets(LAUNCH_TICKET_MS, now)
  }

  /** Makes a launch ticket for a new window. */
  launch(identity: WindowIdentity, view: WindowView): string {
    return this.#launches.issue({ identity, view })
  }

  /**
   * Trades a ticket for a window credential. If a ticket comes a second time, someone else has seen it, and the Core cannot
   * determine which of the two is the app's own window: both lose. `reused` is the window that lost its credential.
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
    if (launch === null || this.#closed.has(launch.identity.observer)) return null
    const credential = randomToken()
    const redemption = { ticket: tokenHash(ticket), credential: tokenHash(credential) }
    this.adopt(redemption, launch.identity)
    launch.identity.observer.redeemed(redemption)
    return { credential, label: launch.identity.label, ...launch.view }
  }

  /** Adds a window by its credential; when `sallyport dev` restarts the Core, one that the Core before it had. */
  adopt({ ticket, credential }: Redemption, identity: WindowIdentity): void {
    this.#redeemed.set(ticket, credential)
    this.#identities.set(credential, identity)
  }

  /** Returns the window of a credential, or `null`. */
  identify(credential: string): WindowIdentity | null {
    const identity = this.#identities.get(tokenHash(credential))
    return identity === undefined || this.#closed.has(identity.observer) ? null : identity
  }

  /** Voids the tickets and credentials of a window. Its label may be another window's soon. */
  close(observer: WindowObserver): void {
    this.#closed.add(observer)
    for (const [hash, identity] of this.#identities) if (identity.observer === observer) this.#identities.delete(hash)
    // A ticket whose credential is void gives nothing, spent or not.
    for (const [ticket, hash] of this.#redeemed) if (!this.#identities.has(hash)) this.#redeemed.delete(ticket)
  }
}
