import { fileURLToPath } from "node:url"
import { build, type Plugin } from "esbuild"

/** Only its own file: what others bring would be loaded with it. */
const importPeer = (name: string): string => `import * as file from "./${name.replaceAll("_", "-")}.ts"
const peer = Object.values(file).find(({ name }) => name === ${JSON.stringify(name)})`

/** What runs in the page: connects, and makes the first call, as the first script of Sallyport's page does. */
const page = (name: string): string => `${importPeer(name)}
async function connect() {
  if (!peer.expose) return peer.connect(window)
  const frame = document.createElement("iframe")
  frame.sandbox = "allow-scripts"
  // The same server by its other name: another site, and so in Chromium and Firefox another process.
  frame.src = "http://localhost:" + location.port + "/frame"
  document.body.append(frame)
  await new Promise((resolve) => { frame.onload = resolve })
  return peer.connect(frame.contentWindow)
}
window.firstReply = connect().then(async (subject) => {
  window.subject = subject
  await subject.echo({ path: "notes/a.md", n: 0 })
  return performance.now()
})
`

const frame = (name: string): string => `${importPeer(name)}
peer.expose?.()
`

/** What `serve` needs it imports when it runs, and that is never in a page. */
const withoutServe: Plugin = {
  name: "without-serve",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^.]/ }, ({ kind }) => (kind === "dynamic-import" ? { external: true } : null))
  },
}

/** The scripts of a peer's page and frame, each a classic one: a module could not be loaded by a sandboxed frame. */
export async function bundlePeer(name: string): Promise<{ readonly page: string; readonly frame: string }> {
  const [pageScript = "", frameScript = ""] = await Promise.all(
    [page(name), frame(name)].map(async (contents) => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "ts" },
        bundle: true,
        minify: true,
        write: false,
        format: "iife",
        target: "es2023",
        plugins: [withoutServe],
        logLevel: "error",
      })
      return outputFiles[0]?.text
    }),
  )
  return { page: pageScript, frame: frameScript }
}
