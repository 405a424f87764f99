import { readFile } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { kindOf } from "./find-file.ts"
import type { Place } from "./place.ts"
import { isRecord, own } from "./records.ts"

/** Which app this is. */
export interface Identity {
  /** Letters, digits, `.` and `-`, at least one of them a letter or digit: safe as the name of a file. */
  readonly identifier: string
  readonly productName: string | null
  /** A semantic version; one that the file takes from a `package.json` is looked up. */
  readonly version: string | null
}

/** Semantic Versioning 2.0.0, section "Is there a suggested regular expression". */
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-z-][\da-z-]*)(\.(0|[1-9]\d*|\d*[a-z-][\da-z-]*))*)?(\+[\da-z-]+(\.[\da-z-]+)*)?$/i

export async function readIdentity(top: (key: string) => Place, file: string): Promise<Identity> {
  return {
    identifier: readIdentifier(top("identifier")),
    productName: top("productName").nullable.string() ?? null,
    version: await readVersion(top("version").nullable, file),
  }
}

function readIdentifier(place: Place): string {
  const identifier = place.value
  if (typeof identifier === "string" && /^[a-z\d.-]+$/i.test(identifier) && /[a-z\d]/i.test(identifier)) {
    return identifier
  }
  place.refuse('the app\'s name in reverse-domain notation, of letters, digits, "-" and ".": "org.example.notes"')
  return ""
}

async function readVersion(place: Place, file: string): Promise<string | null> {
  const expected = 'a semantic version ("1.2.3") or the path of a package.json that has one'
  const version = place.string(expected)
  if (version === undefined || SEMVER.test(version)) return version ?? null
  const packageFile = resolve(dirname(file), version)
  if ((await kindOf(packageFile)) !== "file") return place.refuse(expected) ?? null
  const packaged = await versionIn(packageFile)
  if (packaged !== null) return packaged
  return place.report("VALUE_INVALID", `${packageFile} has no semantic version in its "version"`) ?? null
}

async function versionIn(packageFile: string): Promise<string | null> {
  try {
    const content: unknown = JSON.parse(await readFile(packageFile, "utf8"))
    const version = isRecord(content) ? own(content, "version") : undefined
    return typeof version === "string" && SEMVER.test(version) ? version : null
  } catch {
    return null
  }
}
