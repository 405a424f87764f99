import type { Server } from "node:http"
import { bare } from "../boundary/wire/own.ts"

/** Tries before it is somebody else's fault. */
const TRIES = 20

/**
 * Listens on one port of 127.0.0.1 and of ::1, for a stranger on either could answer for `localhost`. Takes another port
 * when one of the two is taken; goes on with IPv4 alone only where the machine has no IPv6.
 *
 * @param v4 @param v6 servers that do not listen yet
 * @param wanted the ports to try first, in their order
 * @returns the port
 * @throws Error when no port is free on both
 */
export async function listenOnLoopback(v4: Server, v6: Server, wanted: readonly number[]): Promise<number> {
  for (let tries = 0; tries < wanted.length + TRIES; tries++) {
    // Not by index: beyond its end a list has what is on its prototypes.
    const next = wanted.at(tries) ?? 0
    const port = await listen(v4, "127.0.0.1", next)
    if (port === "taken") continue
    if (port === "no such address") throw new Error("this machine has no loopback address 127.0.0.1")
    const same = await listen(v6, "::1", port).catch((error: unknown) => {
      v4.close()
      throw error
    })
    if (same !== "taken") return port
    await new Promise((resolve) => v4.close(resolve))
  }
  throw new Error(`no port is free on both 127.0.0.1 and ::1: ${TRIES} were tried`)
}

function listen(server: Server, host: string, port: number): Promise<number | "taken" | "no such address"> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      server.off("listening", listening)
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve("taken")
      else if (error.code === "EAFNOSUPPORT" || error.code === "EADDRNOTAVAIL") resolve("no such address")
      else {
        if (error.code === "EMFILE")
          error.message += ": no socket can be opened. Raise the limit of open files (ulimit -n)."
        reject(error)
      }
    }
    const listening = (): void => {
      server.off("error", failed)
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : port)
    }
    server.once("error", failed)
    server.once("listening", listening)
    server.listen(bare({ host, port, ipv6Only: host === "::1" }))
  })
}
