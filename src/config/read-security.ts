import type { MemoryFiles } from "../files/memory-files.ts"
import type { ConfigProblem } from "./config-error.ts"
import { SECURITY } from "./known-keys.ts"
import type { Place } from "./place.ts"
import { type AssetProtocolConfig, readAssetProtocol } from "./read-asset-protocol.ts"
import { readCapabilities } from "./read-capabilities.ts"
import type { CapabilityConfig } from "./read-capability.ts"
import { type Csp, readCsp, readKeepCsp } from "./read-csp.ts"
import { readHeaders } from "./read-headers.ts"
import { type Pattern, readPattern } from "./read-pattern.ts"
import { type PermissionConfig, readPermissions } from "./read-permissions.ts"

/** `app.security`. */
export interface Security {
  readonly pattern: Pattern
  /** `null`: explicitly none; `undefined`: the file says nothing, and a strict default applies. */
  readonly csp: Csp | null | undefined
  readonly devCsp: Csp | null | undefined
  /** `dangerousDisableAssetCspModification`: `true`, or the directives that are left as they are. */
  readonly keepCsp: boolean | readonly string[]
  readonly freezePrototype: boolean
  /** What pages reach through `convertFileSrc()`; `null`: nothing. */
  readonly assetProtocol: AssetProtocolConfig | null
  /** Headers for every response on the app origin. */
  readonly headers: Readonly<Record<string, string>>
  /** `null`: the app has none, neither in the file nor in `capabilities/` beside it. */
  readonly capabilities: readonly CapabilityConfig[] | null
  /** What the app declares for itself in `permissions/`; `null`: nothing. */
  readonly permissions: readonly PermissionConfig[] | null
}

export async function readSecurity(
  place: Place,
  file: string,
  problems: ConfigProblem[],
  files: MemoryFiles | null,
): Promise<Security> {
  const security = place.section(SECURITY)
  return {
    pattern: readPattern(security("pattern"), file),
    csp: readCsp(security("csp")),
    devCsp: readCsp(security("devCsp")),
    keepCsp: readKeepCsp(security("dangerousDisableAssetCspModification")),
    freezePrototype: security("freezePrototype").boolean() ?? false,
    assetProtocol: readAssetProtocol(security("assetProtocol")),
    headers: readHeaders(security("headers")),
    capabilities: await readCapabilities(security("capabilities"), file, problems, files),
    permissions: await readPermissions(file, problems, files),
  }
}
