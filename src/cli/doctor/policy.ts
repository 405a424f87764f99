import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { type Config, ConfigError, readConfig } from "../../config/config.ts"
import { completeCsp, completeList, type Needs, STRICT } from "../../server/csp.ts"
import { metaPolicies } from "../../server/html.ts"
import { isolationSources } from "../../server/isolation-origin.ts"
import type { Project } from "../project/find-project.ts"
import { type Examine, error, type Finding, fine, warning } from "./finding.ts"

/** The needs of an app whose port and hashes are not known yet. */
const NEEDS: Needs = {
  scripts: ["'sha256-<the bridge>'"],
  socket: "ws://localhost:<port>",
  frames: isolationSources("<port>"),
  assets: null,
}

/** What the Content Security Policy of the app's pages will be, and whether one of their own would block the frame. */
export const policy: Examine = async ({ project }) => {
  if (project === null) return { name: "Content Security Policy", findings: [] }
  const findings = project.target === "tauri" ? await ofTauri(project) : await ofSallyport(project)
  return { name: "Content Security Policy", findings }
}

async function ofSallyport(project: Project): Promise<Finding[]> {
  const config = await readConfig(project.config, undefined, { withoutFrontend: true }).catch((reason: unknown) => {
    if (reason instanceof ConfigError) return null
    throw reason
  })
  if (config === null) return []
  const needs = project.pattern === "isolation" ? NEEDS : { ...NEEDS, frames: [] }
  const keep = config.keepCsp
  const findings: Finding[] = []
  if (config.csp === null)
    findings.push(warning("app.security.csp is null: pages have no policy", "leave it out for a strict one"))
  else {
    const { policy, missing } = completeCsp(config.csp ?? STRICT, needs, keep)
    findings.push(fine(`pages get: ${policy}`))
    for (const one of missing) findings.push(lacking("app.security.csp", one))
  }
  for (const meta of await policiesOfPage(config)) {
    const { missing } = completeList(meta, needs, keep)
    findings.push(
      ...(missing.length === 0
        ? [fine(`the page's own <meta> policy is completed: ${meta}`)]
        : missing.map((one) => lacking("the page's <meta> policy", one))),
    )
  }
  return findings
}

function lacking(where: string, missing: string): Finding {
  return error(
    `${where} lacks ${missing}, and dangerousDisableAssetCspModification keeps it from being added`,
    `add it, or take that directive out of dangerousDisableAssetCspModification`,
  )
}

/** Tauri changes no policy in a page: there its frame must be allowed already. */
async function ofTauri({ frontendDist, root }: Project): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const folder of [frontendDist, root])
    for (const meta of folder === null ? [] : await policiesIn(join(folder, "index.html"))) {
      const directive = /(?:^|;)\s*(frame-src|child-src|default-src)\b([^;]*)/i.exec(meta)
      if (directive === null || /\bisolation:/.test(directive[2] ?? "")) continue
      findings.push(
        error(
          `${join(folder ?? "", "index.html")}: its <meta> policy keeps Tauri's isolation frame from loading, and every call waits for ever`,
          `add isolation: and http://isolation.localhost to ${directive[1]}`,
        ),
      )
    }
  return findings.length > 0 ? findings : [fine("no policy in the page blocks the isolation frame")]
}

const policiesOfPage = ({ frontendDist }: Config): Promise<string[]> =>
  frontendDist === null ? Promise.resolve([]) : policiesIn(join(frontendDist, "index.html"))

async function policiesIn(file: string): Promise<string[]> {
  const html = await readFile(file, "utf8").catch(() => "")
  return metaPolicies(html)
}
