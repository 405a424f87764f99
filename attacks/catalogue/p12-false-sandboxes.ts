import type { Attack, Replacement } from "../attack.ts"
import { CLEAR_TOO } from "../weaknesses.ts"

const ANY_HANDSHAKE: Replacement = {
  off: "the look at where a handshake comes from",
  file: "page/isolation-frame.ts",
  find: "  const isCurrent = source !== null && source === current?.window\n  // A frame that was removed meanwhile may have no window any more.\n  if (!isCurrent && (source === null ? data !== PORT_MESSAGE : source !== removed)) return\n  event.stopImmediatePropagation()\n",
  replace: "  const isCurrent = true\n",
}

/** P12: what pretends to be the sandbox. */
export const falseSandboxes: readonly Attack[] = [
  {
    id: "P12",
    name: "the bridge's frame navigated to a document of the attacker's, which takes the sandbox's place",
    stoppedBy: "the Core acts on what the session's own sandbox sealed: another one can only talk to the page",
    defence: "browser",
    control: CLEAR_TOO,
    victim: { security: { csp: null } },
    inPage: async (attacker) => {
      await attacker.tap()
      const seals = [...attacker.clear({ calls: [[1, "forbidden", {}]], blobs: [] })]
      const code = `
        const { port1, port2 } = new MessageChannel()
        parent.postMessage("sallyport-port", "*", [port2])
        const frame = new Uint8Array([${seals}]).buffer
        port1.onmessage = () => port1.postMessage(frame)
        port1.postMessage('{"ready":true}')
        port1.postMessage(frame)`
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes)
            if (node instanceof HTMLIFrameElement && node.name.startsWith("sallyport-"))
              node.srcdoc = `<script>${code}</script>`
      }).observe(document.documentElement, { childList: true })
      attacker.socket.close()
      await attacker.pause(200)
      await Promise.race([attacker.call("allowed"), attacker.pause(1000)])
    },
  },
  {
    id: "P12",
    name: "handshakes with ports of the attacker's, from the page's own window",
    stoppedBy: "a handshake counts from the frame that the bridge has made",
    defence: "browser",
    control: ANY_HANDSHAKE,
    inPage: async (attacker) => {
      await attacker.tap()
      const heard: unknown[] = []
      const timer = setInterval(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => heard.push(data)
        port1.postMessage('{"ready":true}')
        postMessage("sallyport-port", "*", [port2])
      }, 0)
      attacker.socket.close()
      // The first calls are lost with the session.
      for (let n = 0; n < 20 && heard.length === 0; n++)
        await Promise.race([attacker.call("allowed"), attacker.pause(50)])
      clearInterval(timer)
      return heard.length
    },
    succeeded: (heard) => heard !== 0,
  },
  {
    id: "P12",
    name: "handshakes with ports of the attacker's, from a frame beside the sandbox",
    stoppedBy: "a handshake counts from the frame that the bridge has made",
    defence: "browser",
    control: ANY_HANDSHAKE,
    victim: { security: { csp: null } },
    inPage: async (attacker) => {
      await attacker.tap()
      const heard: unknown[] = []
      addEventListener("message", ({ data }) => {
        if (String(data).startsWith("heard ")) heard.push(data)
      })
      const code = `setInterval(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => parent.postMessage("heard " + data, "*")
        port1.postMessage('{"ready":true}')
        parent.postMessage("sallyport-port", "*", [port2])
      }, 0)`
      const frame = document.createElement("iframe")
      frame.srcdoc = `<script>${code}</script>`
      document.body.append(frame)
      attacker.socket.close()
      // The first calls are lost with the session.
      for (let n = 0; n < 20 && heard.length === 0; n++)
        await Promise.race([attacker.call("allowed"), attacker.pause(50)])
      frame.remove()
      return heard.length
    },
    succeeded: (heard) => heard !== 0,
  },
  {
    id: "P12",
    name: "the port of the sandbox asked for a second time, by messages to its frame",
    stoppedBy: "the sandbox hears its port alone, which it gives away once",
    defence: "browser",
    control: {
      off: "the sandbox's deafness to its window's messages",
      file: "boundary/sandbox/runtime.ts",
      find: "  say({ ready: true })",
      replace:
        '  say({ ready: true })\n  addEventListener("message", ({ data }) => batcher.call({ tuple: JSON.stringify(data), blob: null }))',
    },
    not: { webkit: "its window is the way to the sandbox there, and the hook is asked" },
    inPage: async (attacker) => {
      await attacker.tap()
      const frame = document.querySelector<HTMLIFrameElement>('iframe[name^="sallyport-"]')
      for (const message of [[7, "forbidden", {}], "sallyport-port", '[[7,"forbidden",{}]]'])
        frame?.contentWindow?.postMessage(message, "*")
      await attacker.pause(300)
    },
  },
]
