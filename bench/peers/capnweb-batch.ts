import { newHttpBatchRpcSession, type RpcStub } from "capnweb"
import { Api } from "./capnweb.ts"
import type { Peer } from "./peer.ts"

export const capnwebBatch: Peer = {
  name: "capnweb_batch",
  title: "Cap'n Web, HTTP batches",
  packages: ["capnweb"],
  endsIn: "server",
  setUp: "a batch for the calls of each turn, sent as one request (README, “HTTP batch client”)",
  lacks: ["channel_per_s"],
  serve: async () => {
    const { nodeHttpBatchRpcResponse } = await import("capnweb")
    return (request, response) => void nodeHttpBatchRpcResponse(request, response, new Api())
  },
  connect: async () => {
    let batch: RpcStub<Api> | null = null
    /** A batch is sent in the next turn, and takes no calls from then on: this timer comes before its own. */
    const current = (): RpcStub<Api> => {
      if (batch !== null) return batch
      setTimeout(() => {
        batch = null
      }, 0)
      batch = newHttpBatchRpcSession<Api>("/calls")
      return batch
    }
    return { echo: async (note) => current().echo(note), length: async (bytes) => current().length(bytes) }
  },
}
