/** A peer's server, in a process of its own: its page, its frame, and whatever answers its calls. Started with its name. */
import { once } from "node:events"
import { createServer, type RequestListener, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { answerQuestions } from "../answer-questions.ts"
import { FINE_CLOCK } from "../sallyport-app.ts"
import { bundlePeer } from "./bundle.ts"
import { PEERS } from "./index.ts"

const peer = PEERS.find(({ name }) => name === process.argv[2])
if (peer === undefined) throw new Error(`there is no peer "${process.argv[2]}"`)

const scripts = await bundlePeer(peer.name)
const document = (script: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${peer.title}</title></head><body><script src="${script}"></script></body></html>\n`
const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
  "/": ["text/html", document("/page.js")],
  "/frame": ["text/html", document("/frame.js")],
  "/page.js": ["text/javascript", scripts.page],
  "/frame.js": ["text/javascript", scripts.frame],
}

let answerCalls: RequestListener = (_, response: ServerResponse) => void response.writeHead(404).end()
// Node closes a connection that is idle for five seconds, and a request that is just on its way then fails.
const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const file = request.method === "GET" ? files[request.url ?? ""] : undefined
  if (file === undefined) return answerCalls(request, response)
  response.writeHead(200, {
    ...FINE_CLOCK,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Type": `${file[0]}; charset=utf-8`,
  })
  response.end(file[1])
})
answerCalls = (await peer.serve?.(server)) ?? answerCalls
server.listen(0, "127.0.0.1")
await once(server, "listening")

answerQuestions({
  open: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  close: () => void server.closeAllConnections(),
})
