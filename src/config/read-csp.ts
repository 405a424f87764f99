import { nearest } from "./nearest.ts"
import type { Place } from "./place.ts"

/** The sources of one directive: as one string, or as a list. */
export type CspValue = string | readonly string[]

/** A content security policy: as a whole, or one entry a directive. */
export type Csp = string | Readonly<Record<string, CspValue>>

/** Content Security Policy Level 3, section 6, and the directives of its neighbors (Trusted Types, Mixed Content, …). */
const DIRECTIVES = `
  default-src script-src script-src-elem script-src-attr style-src style-src-elem style-src-attr img-src font-src
  connect-src media-src object-src frame-src child-src worker-src manifest-src prefetch-src fenced-frame-src base-uri
  form-action frame-ancestors navigate-to sandbox report-uri report-to webrtc require-trusted-types-for trusted-types
  upgrade-insecure-requests block-all-mixed-content`
  .trim()
  .split(/\s+/)

const POLICY = "a policy: a string, a list of directives, an object of directives, or null for none"

/**
 * Reads `app.security.csp` or `devCsp`. A list of directives, which Tauri does not know, becomes a string.
 *
 * @returns `null`: explicitly no policy; `undefined`: the file says nothing
 */
export function readCsp(place: Place): Csp | null | undefined {
  const { value } = place
  if (value === undefined || value === null) return value
  if (typeof value === "string") return readPolicy(place)
  if (Array.isArray(value)) return place.list().map(readPolicy).join("; ")
  return Object.fromEntries(
    place.entries(POLICY).map(([name, sources]) => {
      checkDirective(name, sources)
      return [name, Array.isArray(sources.value) ? sources.list().map(readSources) : readSources(sources)]
    }),
  )
}

/**
 * Reads `dangerousDisableAssetCspModification`: `true` (no directive of the policy is completed), or the directives that
 * are not.
 */
export function readKeepCsp(place: Place): boolean | readonly string[] {
  if (!Array.isArray(place.value)) return place.value === undefined ? false : (readSwitch(place) ?? false)
  return place.list().map((item) => {
    const name = item.string("the name of a directive")
    if (name === undefined) return ""
    checkDirective(name, item)
    return name
  })
}

function readSwitch(place: Place): boolean | undefined {
  return typeof place.value === "boolean" ? place.value : place.refuse("true, false or a list of directives")
}

function readPolicy(place: Place): string {
  const policy = readText(place, "directives, divided by semicolons", /^[\x20-\x2b\x2d-\x7e]*$/)
  for (const directive of policy.split(";")) {
    const [name] = directive.trim().split(" ")
    if (name !== undefined && name !== "") checkDirective(name, place)
  }
  return policy
}

function readSources(place: Place): string {
  return readText(place, "a directive's sources, without semicolons", /^[\x20-\x2b\x2d-\x3a\x3c-\x7e]*$/)
}

/** A comma would begin a second policy in the header, and what is not ASCII cannot stand there at all. */
function readText(place: Place, what: string, allowed: RegExp): string {
  const text = typeof place.value === "string" ? place.value.trim().replaceAll(/\s+/g, " ") : null
  if (text !== null && allowed.test(text)) return text
  place.refuse(`${what}, in ASCII and without commas`)
  return ""
}

/** Finds a misspelt name; one that is like no other may be newer than this list. */
function checkDirective(name: string, place: Place): void {
  if (DIRECTIVES.includes(name.toLowerCase())) return
  const meant = nearest(name, DIRECTIVES)
  if (meant !== null)
    place.report("KEY_UNKNOWN", `there is no directive ${JSON.stringify(name)}; did you mean "${meant}"?`)
  else if (!/^[a-z\d-]+$/i.test(name)) place.report("KEY_UNKNOWN", `${JSON.stringify(name)} is no name of a directive`)
}
