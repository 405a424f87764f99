import { connect } from "node:net"
import { lookupLocalhost } from "../../server/lookup-localhost.ts"

/** Between two tries, in ms. */
const TRY_MS = 100
/** Between two words about it, in ms. */
const SAY_MS = 3000

/**
 * Waits until something listens where a URL points. Resolves with `false` when `signal` fires before.
 *
 * @param say is told every few seconds what is waited for
 */
export async function waitForServer(url: string, signal: AbortSignal, say: (line: string) => void): Promise<boolean> {
  const started = performance.now()
  for (let said = started; !signal.aborted; ) {
    if (await isListening(url)) return true
    if (performance.now() - said >= SAY_MS) {
      said = performance.now()
      say(`waiting for the development server at ${url} (build.devUrl), for ${Math.round((said - started) / 1000)} s`)
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_MS))
  }
  return false
}

/** Whether something listens where a URL points. */
export function isListening(url: string): Promise<boolean> {
  const { hostname, port: given, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, "")
  const port = Number(given) || (protocol === "https:" ? 443 : 80)
  return new Promise((resolve) => {
    const socket = connect({ host, port, lookup: lookupLocalhost, autoSelectFamily: true, timeout: 1000 })
    const end = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once("connect", () => end(true))
    socket.once("timeout", () => end(false))
    socket.once("error", () => end(false))
    // Whatever else becomes of it: nobody listens.
    socket.once("close", () => end(false))
  })
}
