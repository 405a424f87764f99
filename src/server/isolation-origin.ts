import type { IncomingHttpHeaders } from "node:http"

/**
 * Engines that resolve every name below `localhost` to this machine by themselves, and give each such name a process of its
 * own. In others the name may not resolve at all.
 */
const RESOLVES_LOCALHOST = /(?:Chrome|Firefox)\/\d/

/**
 * Returns the isolation origin of each window, by its number. With one origin for all windows, all sandboxes in a browser
 * profile would share a thread, and a busy hook of one window would stop the calls of the others.
 *
 * A page cannot change the `User-Agent` of its WebSocket. A client that lies gets an address that it cannot load, or that it
 * shares with others that lie: the document, its key and its policy are the same under both.
 *
 * @param headers of the request for the session's WebSocket
 */
export function isolationOrigin(headers: IncomingHttpHeaders, port: number): (window: number) => string {
  const hasOwnHosts = RESOLVES_LOCALHOST.test(headers["user-agent"] ?? "")
  return (window) => (hasOwnHosts ? `http://${window}.localhost:${port}` : `http://127.0.0.1:${port}`)
}

/** The sources that a page's policy must allow frames from. A document is served before its window is known: all of them. */
export function isolationSources(port: number | string): readonly string[] {
  return [`http://*.localhost:${port}`, `http://127.0.0.1:${port}`]
}
