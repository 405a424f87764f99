import { isRecord, own } from "../../config/records.ts"
import type { Project } from "../project/find-project.ts"

/**
 * What in a configuration keeps Tauri from showing the isolation frame, or from running a script in it: every call would wait for
 * ever. Sallyport completes such policies; Tauri adds its frame to `default-src` alone (Tauri issue 13879).
 */
export function shadowingPolicies({ settings, config, target }: Project): readonly string[] {
  if (target !== "tauri") return []
  const app = isRecord(settings) ? own(settings, "app") : undefined
  const security = isRecord(app) ? own(app, "security") : undefined
  if (!isRecord(security)) return []
  const found: string[] = []
  for (const key of ["csp", "devCsp", "dev-csp"]) {
    for (const directive of directivesOf(own(security, key))) {
      if (directive !== "frame-src" && directive !== "child-src") continue
      found.push(
        `${config}: app.security.${key}: ${directive} keeps Tauri's isolation frame from loading, and every call waits for ever: ` +
          `remove it, and put its sources into default-src`,
      )
    }
  }
  const key = "dangerousDisableAssetCspModification"
  const disabled = own(security, key) ?? own(security, "dangerous-disable-asset-csp-modification")
  if (disabled === true || (Array.isArray(disabled) && disabled.includes("script-src"))) {
    found.push(
      `${config}: app.security.${key}: without Tauri's changes to script-src no script runs in the isolation frame, and every call waits for ever: ` +
        `remove script-src from it`,
    )
  }
  return found
}

function directivesOf(csp: unknown): readonly string[] {
  if (isRecord(csp)) return Object.keys(csp).map((name) => name.toLowerCase())
  if (typeof csp !== "string") return []
  return csp.split(";").map((directive) => directive.trim().split(/\s/)[0]?.toLowerCase() ?? "")
}
