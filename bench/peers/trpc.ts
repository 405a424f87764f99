import { createTRPCClient, createWSClient, wsLink } from "@trpc/client"
import type { Note } from "../subject.ts"
import type { Peer } from "./peer.ts"

/** Made in Node only: elsewhere the package refuses to be loaded. */
function makeRouter({ initTRPC }: typeof import("@trpc/server")) {
  const { router, procedure } = initTRPC.create()
  return router({ echo: procedure.input((value: unknown) => value as Note).query(({ input }) => input) })
}

export const trpc: Peer = {
  name: "trpc",
  title: "tRPC, WebSocket",
  packages: ["@trpc/client", "@trpc/server", "ws"],
  endsIn: "server",
  setUp: "wsLink, which sends the calls of a turn as one message (trpc.io/docs/client/links/wsLink)",
  // Bytes go by httpLink only (trpc.io/docs/server/non-json-content-types).
  lacks: ["channel_per_s", "raw_16mib_ms"],
  serve: async (server) => {
    const [trpc, { applyWSSHandler }, { WebSocketServer }] = await Promise.all([
      import("@trpc/server"),
      import("@trpc/server/adapters/ws"),
      import("ws"),
    ])
    applyWSSHandler({ wss: new WebSocketServer({ server }), router: makeRouter(trpc) })
    return null
  },
  connect: async () => {
    const client = createWSClient({ url: `ws://${location.host}/` })
    const { echo } = createTRPCClient<ReturnType<typeof makeRouter>>({ links: [wsLink({ client })] })
    return { echo: (note) => echo.query(note) }
  },
}
