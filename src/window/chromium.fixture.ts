import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { AppBrowser } from "./find-browser.ts"

/**
 * A program that does with windows, profiles and the pipe what Chromium does: the first process of a profile shows windows,
 * each further one hands its own to it and ends well. Writes what it shows and closes to `browser.log`.
 *
 * @param isMute it does not answer over its pipe
 * @param endMs how long its process stays when its last window is closed: it takes no further window then
 * @param gone a window that is closed at the moment when it is listed
 */
export function fakeChromium(
  folder: string,
  {
    isMute = false,
    endMs = 0,
    gone = "",
  }: { readonly isMute?: boolean; readonly endMs?: number; readonly gone?: string } = {},
): AppBrowser {
  const program = join(folder, "chromium")
  writeFileSync(
    program,
    `#!${process.execPath}
const { appendFileSync, readFileSync, rmSync } = require("node:fs")
const { connect, createServer } = require("node:net")
const log = (line) => appendFileSync(${JSON.stringify(join(folder, "browser.log"))}, line + "\\n")
const value = (name) => process.argv.find((arg) => arg.startsWith("--" + name + "="))?.slice(name.length + 3)
const socket = value("user-data-dir") + "/socket"
const url = value("app")
const other = connect(socket, () => other.end(url))
other.on("close", () => process.exit(0))
other.on("error", () => {
  other.removeAllListeners("close")
  rmSync(socket, { force: true })
  const windows = new Map()
  let ids = 0
  const show = (url) => {
    windows.set("T" + ++ids, url)
    log("shows T" + ids)
  }
  const server = createServer((hander) => {
    let handed = ""
    hander.on("data", (text) => { handed += text }).on("end", () => { show(handed); hander.end() })
  }).listen(socket, () => show(url))
  if (!process.argv.includes("--remote-debugging-pipe")) return
  const out = require("node:fs").createWriteStream(null, { fd: 4 })
  const attached = new Set()
  const close = (id) => {
    windows.delete(id)
    log("closes " + id)
    if (attached.has(id)) say({ method: "Target.detachedFromTarget", params: { targetId: id } })
    if (windows.size > 0) return
    server.close()
    setTimeout(() => process.exit(0), ${endMs})
  }
  const say = (message) => ${isMute ? "{}" : `out.write(JSON.stringify(message) + "\\0")`}
  // A user closes a window.
  process.on("SIGUSR2", () => close([...windows.keys()][0]))
  let rest = ""
  new (require("node:net").Socket)({ fd: 3 }).on("data", (bytes) => {
    const asked = (rest + bytes).split("\\0")
    rest = asked.pop()
    for (const text of asked) {
      const { id, method, params } = JSON.parse(text)
      const targetInfos = [...windows].map(([targetId, url]) => ({ targetId, type: "page", url }))
      if (method === "Target.attachToTarget") {
        attached.add(params.targetId)
        log("attaches " + params.targetId)
      }
      if (method === "Target.attachToTarget" && params.targetId === ${JSON.stringify(gone)}) close(params.targetId)
      if (params.targetId !== undefined && !windows.has(params.targetId)) {
        say({ id, error: { code: -32602, message: "No target with given id found" } })
        continue
      }
      if (method === "Target.activateTarget") log("raises " + params.targetId)
      if (method === "Browser.setWindowBounds") log("sizes " + params.windowId + " " + params.bounds.width + "x" + params.bounds.height)
      say({ id, result: method === "Target.getTargets" ? { targetInfos } : { windowId: params.targetId, success: true } })
      if (method === "Target.closeTarget") close(params.targetId)
    }
  })
})
`,
  )
  chmodSync(program, 0o755)
  return { name: "Fake", program, ownFolder: null }
}
