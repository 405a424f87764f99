import { globalCalls } from "../global-calls.ts"
import { BOTH, type Rule } from "../rule.ts"

const CALLS = new Set([
  ...["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "RTCPeerConnection", "importScripts"],
  ...["Worker", "SharedWorker", "navigator.sendBeacon", "navigator.serviceWorker.register"],
])

export const networkCall: Rule = {
  code: "NETWORK_CALL",
  severity: "error",
  targets: BOTH,
  summary: "A script wants the network, and the isolation frame has none",
  why: "The frame's policy is default-src 'none': no request leaves it, to nowhere. That is meant so: a hook that could send could also leak what it sees.",
  mend: "Decide with what the call holds. What must be looked up belongs in the command itself, in the Core.",
  *check(app) {
    for (const { name, node } of globalCalls(app))
      if (CALLS.has(name)) yield app.at(node, `${name} fails in the isolation frame, which has no network`)
  },
}
