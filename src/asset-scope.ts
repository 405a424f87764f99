import { dirname } from "node:path"
import { type Config, ConfigError, type ConfigProblem, type PathPatternConfig } from "./config/config.ts"
import { Directories } from "./directories/directories.ts"
import { PathScope, readScopeValue } from "./directories/path-scope.ts"

/**
 * Which files pages find through `convertFileSrc()`; `null` where the configuration does not enable it.
 *
 * @throws ConfigError for a pattern that is none
 */
export function assetScope({ assetProtocol, identifier, file }: Config): PathScope | null {
  if (assetProtocol === null) return null
  const { allow, deny, requireLiteralLeadingDot } = assetProtocol
  const directories = new Directories({ identifier, resources: dirname(file) })
  const problems = [...allow, ...deny].flatMap((pattern) => problemOf(pattern, directories) ?? [])
  if (problems.length > 0) throw new ConfigError(problems)
  const values = { allow: allow.map(({ pattern }) => pattern), deny: deny.map(({ pattern }) => pattern) }
  return new PathScope(values, directories, { requireLiteralLeadingDot })
}

function problemOf({ pattern, origin }: PathPatternConfig, directories: Directories): ConfigProblem | null {
  try {
    readScopeValue(pattern, directories)
    return null
  } catch (error) {
    return { code: "VALUE_INVALID", ...origin, message: (error as Error).message }
  }
}
