import { capnweb } from "./capnweb.ts"
import { capnwebBatch } from "./capnweb-batch.ts"
import { comlink } from "./comlink.ts"
import { hono } from "./hono.ts"
import type { Peer } from "./peer.ts"
import { penpal } from "./penpal.ts"
import { trpc } from "./trpc.ts"
import { ws } from "./ws.ts"

/** In the order of tables: the floor last. */
export const PEERS: readonly Peer[] = [capnweb, capnwebBatch, trpc, comlink, penpal, hono, ws]
