import type { Note } from "../subject.ts"
import type { Peer } from "./peer.ts"

const post = async <T>(path: string, body: BodyInit, type: string): Promise<T> => {
  const response = await fetch(path, { method: "POST", body, headers: { "Content-Type": type } })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return (await response.json()) as T
}

export const hono: Peer = {
  name: "hono",
  title: "fetch to a Hono route",
  packages: ["hono", "@hono/node-server"],
  endsIn: "server",
  setUp:
    "a POST a call, kept-alive connections, at most 1,000 at once, Node's adapter (hono.dev/docs/getting-started/nodejs)",
  lacks: ["channel_per_s"],
  // Chromium fails those beyond about 1,500 (net::ERR_INSUFFICIENT_RESOURCES).
  mostAtOnce: 1000,
  serve: async () => {
    const [{ Hono }, { getRequestListener }] = await Promise.all([import("hono"), import("@hono/node-server")])
    const app = new Hono()
    app.post("/echo", async (context) => context.json(await context.req.json<Note>()))
    app.post("/length", async (context) => context.json((await context.req.arrayBuffer()).byteLength))
    return getRequestListener(app.fetch)
  },
  connect: async () => ({
    echo: (note) => post<Note>("/echo", JSON.stringify(note), "application/json"),
    length: (bytes) => post<number>("/length", bytes as Uint8Array<ArrayBuffer>, "application/octet-stream"),
  }),
}
