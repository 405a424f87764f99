import { ASSET_PROTOCOL, ASSET_SCOPE } from "./known-keys.ts"
import type { Origin, Place } from "./place.ts"
import { isRecord } from "./records.ts"

/** A pattern for paths, as it stands in the file. */
export interface PathPatternConfig {
  readonly pattern: string
  readonly origin: Origin
}

/** `app.security.assetProtocol`, where it is enabled. */
export interface AssetProtocolConfig {
  readonly allow: readonly PathPatternConfig[]
  /** Decides over `allow`. */
  readonly deny: readonly PathPatternConfig[]
  /** `undefined`: as the platform has it. */
  readonly requireLiteralLeadingDot: boolean | undefined
}

/** `null`: not enabled. It is checked all the same. */
export function readAssetProtocol(place: Place): AssetProtocolConfig | null {
  const assetProtocol = place.section(ASSET_PROTOCOL)
  const scope = readScope(assetProtocol("scope"))
  return assetProtocol("enable").boolean() ? scope : null
}

/** A list of patterns, or an object with two. */
function readScope(place: Place): AssetProtocolConfig {
  if (!isRecord(place.value)) {
    const expected = 'a list of path patterns, or { "allow": […], "deny": […] }'
    return { allow: readPatterns(place, expected), deny: [], requireLiteralLeadingDot: undefined }
  }
  const scope = place.section(ASSET_SCOPE)
  return {
    allow: readPatterns(scope("allow")),
    deny: readPatterns(scope("deny")),
    requireLiteralLeadingDot: scope("requireLiteralLeadingDot").nullable.boolean(),
  }
}

function readPatterns(place: Place, expected = "a list of path patterns"): readonly PathPatternConfig[] {
  return place.list(expected).map((item) => {
    const pattern = item.string('a path pattern: "$APPDATA/images/**"')
    return { pattern: pattern ?? "", origin: item.origin }
  })
}
