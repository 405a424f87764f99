import { createServer } from "node:http"
import { at } from "../../config/records.ts"
import { listenOnLoopback } from "../../server/listen.ts"
import { RememberedPort } from "../../server/remembered-port.ts"
import { isListening } from "../dev/wait-for-server.ts"
import { type Examine, error, type Finding, fine, warning } from "./finding.ts"

export const ports: Examine = async ({ project }) => {
  const identifier = at(project?.settings, "identifier")
  const remembered = typeof identifier === "string" ? await new RememberedPort(identifier).read() : []
  const findings = [await loopback(remembered)]
  const devUrl = at(project?.settings, "build", "devUrl") ?? at(project?.settings, "build", "dev-url")
  if (typeof devUrl === "string") findings.push(await developmentServer(devUrl))
  return { name: "Ports", findings }
}

/** Listens as an app does, for a moment. */
async function loopback(wanted: readonly number[]): Promise<Finding> {
  const servers = [createServer(), createServer()] as const
  try {
    const port = await listenOnLoopback(...servers, wanted)
    const families = servers[1].listening ? "127.0.0.1 and ::1" : "127.0.0.1 (this machine has no IPv6)"
    const [first = port, second] = wanted
    if (port === first) return fine(`an app can listen on ${families}`)
    return warning(
      `port ${first}, which this app has otherwise, is taken: it will take ${second === undefined ? "another one" : port}, and its pages will not see what they stored under ${first}`,
      "end the app that runs already, or whatever listens there",
    )
  } catch (reason) {
    const what = reason instanceof Error ? reason.message : String(reason)
    return error(what, "see what keeps this machine's loopback interface from being used: a firewall, a container")
  } finally {
    for (const server of servers) server.close()
  }
}

async function developmentServer(devUrl: string): Promise<Finding> {
  const isUp = URL.canParse(devUrl) && (await isListening(devUrl))
  return fine(
    `build.devUrl ${devUrl}: ${isUp ? "a development server listens" : "nothing listens now; it is asked in development only"}`,
  )
}
