import { dirname, join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import type { MemoryFiles } from "../files/memory-files.ts"
import type { ConfigProblem } from "./config-error.ts"
import {
  COMMANDS,
  DEFAULT_PERMISSION,
  type KnownKeys,
  PERMISSION,
  PERMISSION_FILE,
  PERMISSION_SET,
  SCOPE,
} from "./known-keys.ts"
import { listFiles } from "./list-files.ts"
import { parseFile } from "./parse-file.ts"
import { type Origin, Place } from "./place.ts"
import {
  type PermissionReference,
  readOwnIdentifier,
  readPermissionReference,
  readPlatforms,
  readScope,
  type ScopeConfig,
} from "./read-permission.ts"

/** A permission that the app declares for itself. */
export interface PermissionConfig {
  readonly identifier: string
  readonly origin: Origin
  readonly commands: { readonly allow: readonly string[]; readonly deny: readonly string[] }
  readonly scope: ScopeConfig
  /** `null`: all. */
  readonly platforms: readonly string[] | null
  /** Of a set: the permissions in it. `null`: no set. */
  readonly permissions: readonly PermissionReference[] | null
}

/**
 * Reads the permissions that an app declares for itself, under `permissions/` beside the configuration file.
 *
 * @param carried where the folder is, when not on the disk
 * @returns `null` for an app that has no file there
 */
export async function readPermissions(
  file: string,
  problems: ConfigProblem[],
  carried: MemoryFiles | null = null,
): Promise<readonly PermissionConfig[] | null> {
  const files = await listFiles(join(dirname(file), "permissions"), ["json", "toml"], problems, carried)
  if (files === null || files.length === 0) return null
  const known = new Map<string, PermissionConfig>()
  for (const path of files) {
    const content = await parseFile(path, problems, carried)
    if (content === undefined) continue
    const root = new Place(content, [], { problems, fileOf: () => path })
    for (const [place, permission] of readFilePermissions(root)) {
      const first = known.get(permission.identifier)
      if (first === undefined) known.set(permission.identifier, permission)
      // Two files of one generator say the same; which of two different ones was meant, nobody can tell.
      else if (!isDeepStrictEqual(saying(first), saying(permission)))
        place.report(
          "IDENTIFIER_TWICE",
          `declares "${permission.identifier}" otherwise than ${first.origin.path} in ${first.origin.file}: keep one of the two`,
        )
    }
  }
  return [...known.values()]
}

const saying = ({ origin: _, permissions, ...rest }: PermissionConfig): unknown => ({
  ...rest,
  permissions: permissions?.map(({ identifier }) => identifier),
})

function* readFilePermissions(root: Place): Iterable<[Place, PermissionConfig]> {
  const file = root.section(PERMISSION_FILE)
  const standard = file("default").nullable
  if (standard.value !== undefined) yield [standard, readSet("default", standard, DEFAULT_PERMISSION)]
  for (const place of file("set").list("a list of sets")) {
    const identifier = readOwnIdentifier(place.section(PERMISSION_SET)("identifier"))
    if (identifier !== null) yield [place, readSet(identifier, place, PERMISSION_SET)]
  }
  for (const place of file("permission").list("a list of permissions")) {
    const permission = place.section(PERMISSION)
    const identifier = readOwnIdentifier(permission("identifier"))
    if (identifier === null) continue
    const commands = permission("commands").section(COMMANDS)
    const scope = permission("scope").section(SCOPE)
    yield [
      place,
      {
        identifier,
        origin: place.origin,
        commands: { allow: readCommands(commands("allow")), deny: readCommands(commands("deny")) },
        scope: readScope(scope("allow"), scope("deny")),
        platforms: readPlatforms(permission("platforms")),
        permissions: null,
      },
    ]
  }
}

function readSet(identifier: string, place: Place, known: KnownKeys): PermissionConfig {
  const permissions = place.section(known)("permissions")
  if (permissions.value === undefined) permissions.refuse("a list of permissions")
  return {
    identifier,
    origin: place.origin,
    commands: { allow: [], deny: [] },
    scope: { allow: [], deny: [] },
    platforms: null,
    permissions: permissions.list("a list of permissions").flatMap((item) => readPermissionReference(item) ?? []),
  }
}

function readCommands(place: Place): readonly string[] {
  return place.list("a list of commands").flatMap((item) => item.string("the name of a command") ?? [])
}
