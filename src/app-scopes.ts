import type { ConfigProblem } from "./config/config.ts"
import { type Capability, currentPlatform } from "./core/capabilities/capability.ts"
import type { Grants } from "./core/capabilities/grants.ts"

/** By the plugin's name: what reads a value of its scopes, and throws what is wrong with it. */
type ScopeReaders = ReadonlyMap<string, (value: unknown) => void>

/** What plugins have against the scopes that capabilities write themselves, on this platform. */
export function scopeProblems(capabilities: readonly Capability[], readers: ScopeReaders): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  for (const { permissions, platforms } of capabilities) {
    if (!(platforms?.includes(currentPlatform()) ?? true)) continue
    for (const { identifier, scope, origin } of permissions) {
      const read = readers.get(identifier.split(":", 1)[0] as string)
      if (read === undefined) continue
      for (const value of [...scope.allow, ...scope.deny]) {
        try {
          read(value)
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error)
          // The origin is that of the name beside it.
          problems.push({
            code: "VALUE_INVALID",
            file: origin.file,
            path: origin.path.replace(/\.identifier$/, ""),
            message,
          })
        }
      }
    }
  }
  return problems
}

/** Has plugins read what their own permissions bring, before a page is there. */
export function readGranted({ allowed, wide }: Grants, readers: ScopeReaders): void {
  const ofCommands = [...allowed].map(
    ([command, grants]) => [/^plugin:([^|]*)/.exec(command)?.[1] ?? "", grants] as const,
  )
  for (const [plugin, grants] of [...wide, ...ofCommands])
    for (const { scope } of grants) for (const value of [...scope.allow, ...scope.deny]) readers.get(plugin)?.(value)
}
