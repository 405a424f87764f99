import assert from "node:assert/strict"
import { test } from "node:test"
import { PART_BYTES } from "../wire/parts.ts"
import { connect } from "./connect.ts"

const PAGE = "http://localhost:1"

/** A frame in a browser of a vendor, what it posts to its parent, and a way to let somebody send it something. */
function inBrowser(vendor: string): {
  posted: unknown[][]
  send: (data: unknown, source: unknown) => boolean
} {
  const posted: unknown[][] = []
  let heard: (event: object) => void = () => {}
  const page = { postMessage: (...message: unknown[]) => posted.push(message) }
  Object.defineProperty(globalThis, "navigator", { value: { vendor }, configurable: true })
  Object.assign(globalThis, {
    parent: page,
    addEventListener: (_name: string, listener: (event: object) => void) => {
      heard = listener
    },
  })
  return {
    posted,
    send: (data, source) => {
      let stopped = false
      const stopImmediatePropagation = (): void => {
        stopped = true
      }
      heard({ data, source: source === "page" ? page : source, stopImmediatePropagation })
      return stopped
    },
  }
}

for (const vendor of ["", "Google Inc."]) {
  test(`"${vendor}": the page gets a port, and all goes over it`, async () => {
    const { posted } = inBrowser(vendor)
    const { post, partBytes, listen } = connect(PAGE)
    assert.equal(partBytes, PART_BYTES)
    const [[message, origin, [port]]] = posted as [[unknown, unknown, MessagePort[]]]
    assert.deepEqual([message, origin], ["sallyport-port", PAGE])
    const fromFrame = new Promise((resolve) => {
      ;(port as MessagePort).onmessage = ({ data }) => resolve(data)
    })
    const fromPage = new Promise(listen)
    post("to the page", [])
    port?.postMessage("from the page")
    assert.deepEqual([await fromFrame, await fromPage, posted.length], ["to the page", "from the page", 1])
    port?.close()
  })
}

test("WebKit: messages go from window to window, to the app's page alone, and are heard from it alone", () => {
  const { posted, send } = inBrowser("Apple Computer, Inc.")
  const { post, partBytes, listen } = connect(PAGE)
  assert.equal(partBytes, Infinity)
  const heard: unknown[] = []
  assert.deepEqual([send("early, from another frame", {}), send("early", "page")], [false, true])
  listen((message) => heard.push(message))
  assert.deepEqual(heard, ["early"], "what came before is kept")
  const frame = new ArrayBuffer(1)
  post(frame, [frame])
  assert.deepEqual(posted, [
    ["sallyport-port", PAGE],
    [frame, PAGE, [frame]],
  ])
  assert.equal(send("from another frame", {}), false)
  assert.equal(send("from nobody", null), false)
  assert.equal(send("from the page", "page"), true)
  assert.deepEqual(heard, ["early", "from the page"])
})
