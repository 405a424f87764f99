import { reason } from "../reason.ts"
import { ServerProcess } from "../server-process.ts"
import { PEERS } from "./index.ts"
import type { Peer } from "./peer.ts"

export interface PeerServer {
  readonly peer: Peer
  readonly server: ServerProcess
}

/** Starts the server of each peer, two at a time. One that does not start is told of, and the others go on. */
export async function startPeers(fail: (why: string) => void): Promise<PeerServer[]> {
  const started: PeerServer[] = []
  const waiting = [...PEERS]
  const worker = async (): Promise<void> => {
    for (let peer = waiting.shift(); peer !== undefined; peer = waiting.shift()) {
      try {
        const server = await ServerProcess.start(new URL("server.ts", import.meta.url), [peer.name])
        started.push({ peer, server })
      } catch (error) {
        fail(`${peer.name}: ${reason(error)}`)
      }
    }
  }
  await Promise.all([worker(), worker()])
  return PEERS.flatMap((peer) => started.filter((one) => one.peer === peer))
}
