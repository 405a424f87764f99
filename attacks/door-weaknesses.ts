import type { Replacement } from "./attack.ts"

/** Defences against those who are not the app's page, each as it is switched off. */

export const NO_COOKIE: Replacement = {
  off: "the look at the gate cookie, on requests",
  file: "server/server.ts",
  find: "if (!this.#cookie.isIn(headers.cookie))",
  replace: 'if (path === "")',
}

export const NO_SOCKET_COOKIE: Replacement = {
  off: "the look at the gate cookie, on sockets",
  file: "server/upgrade.ts",
  find: "cookie.isIn(request.headers.cookie)",
  replace: "request.url !== undefined",
}

export const ANY_SOCKET_ORIGIN: Replacement = {
  off: "the look at the origin of a socket",
  file: "server/upgrade.ts",
  find: "if (request.headers.origin !== ",
  replace: 'if (request.url === "" && request.headers.origin !== ',
}

export const ANY_TICKET_ORIGIN: Replacement = {
  off: "the look at the origin of a launch ticket",
  file: "server/open-page.ts",
  find: "if (request.headers.origin !== this.#origin)",
  replace: 'if (request.headers.origin === "" && this.#origin !== "")',
}

export const EMBEDDABLE: Replacement = {
  off: "the header that keeps others from embedding what the app serves",
  file: "server/app-pages.ts",
  find: '      "cross-origin-resource-policy": "same-origin",\n',
  replace: "",
}

export const FRAMEABLE: Replacement = {
  off: "the policy that keeps others from framing the app",
  file: "server/csp.ts",
  find: "FRAMING = \"frame-ancestors 'self'\"",
  replace: 'FRAMING = "frame-ancestors *"',
}

export const FRAME_TICKETS_STAY: Replacement = {
  off: "the end of a ticket when it is redeemed",
  file: "boundary/core/tickets.ts",
  find: "    this.#valid.delete(hash)\n    return found.expires",
  replace: "    return found.expires",
}

/** A launch ticket is taken away when it is redeemed, and known by its hash then: either alone makes it good for one time only. */
export const LAUNCH_TICKETS_STAY: readonly Replacement[] = [
  FRAME_TICKETS_STAY,
  {
    off: "the list of launch tickets that were redeemed",
    file: "boundary/core/window-registry.ts",
    find: "if (spent !== undefined) {",
    replace: 'if (spent === "") {',
  },
]

export const TICKETS_LAST: Replacement = {
  off: "the end of a ticket's time",
  file: "boundary/core/tickets.ts",
  find: "return found.expires > this.#now() ? found.value : null",
  replace: "return found.value",
}

/** A frame ticket is taken away with its session, and its session is looked at: either alone ends it. */
export const FRAME_TICKETS_OUTLIVE_SESSIONS: readonly Replacement[] = [
  {
    off: "the end of a ticket with its session",
    file: "core/core.ts",
    find: "if (ticket !== null) this.#frames.revoke(ticket)",
    replace: "",
  },
  {
    off: "the look at whether its session is over",
    file: "boundary/core/frame-tickets.ts",
    find: " || frame.session.isOver",
    replace: "",
  },
]

export const NO_ROOM: Replacement = {
  off: "the room that is made for a new socket",
  file: "core/handshake.ts",
  find: "makeRoom?.()",
  replace: 'return reject(connection, CLOSE.TOO_MANY_SESSIONS, makeRoom === undefined ? "" : "no room")',
}

export const ANY_CREDENTIAL: Replacement = {
  off: "the look-up of credentials: an unknown one is the newest window's",
  file: "boundary/core/window-registry.ts",
  find: "const identity = this.#identities.get(tokenHash(credential))",
  replace: "const identity = this.#identities.get(tokenHash(credential)) ?? [...this.#identities.values()].at(-1)",
}

export const ANY_FRAME_TICKET: Replacement = {
  off: "the look-up of tickets: an unknown one is the newest",
  file: "boundary/core/tickets.ts",
  find: "const found = this.#valid.get(hash)",
  replace: "const found = this.#valid.get(hash) ?? [...this.#valid.values()].at(-1)",
}
