import type { Csp } from "../config/config.ts"

/** What the bridge and its frame need of a page's policy. */
export interface Needs {
  /** CSP sources of the scripts that are put into pages: the bridge, and those behind it. */
  readonly scripts: readonly string[]
  /** `ws:` origin of the Core. */
  readonly socket: string
  /** Isolation origins; none for brownfield. */
  readonly frames: readonly string[]
  /** Where assets are, as a CSP source; `null` where the configuration does not enable them. */
  readonly assets: string | null
}

/** CSP sources of a document's own inline elements: what its author wrote there is to run, as it does in Tauri. */
export interface Inline {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

/** Directives by name, in lower case; of two with one name the first counts (CSP Level 3, 2.2.1). */
type Policy = Map<string, readonly string[]>

/** Where Tauri has assets: a policy that names it means ours. */
const TAURI_ASSETS = /^(?:asset:|https?:\/\/asset\.localhost(?:[:/]|$))/i

/** For a configuration that says nothing: what an app loads from itself, and nothing from anywhere else. */
export const STRICT: Csp = {
  "default-src": "'self'",
  "script-src": "'self'",
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "'self' data: blob:",
  "font-src": "'self' data:",
  "media-src": "'self' data: blob:",
  "worker-src": "'self' blob:",
  "object-src": "'none'",
  "base-uri": "'self'",
  "form-action": "'self'",
}

/** Where browsers look for a kind of request, in their order (CSP Level 3, 6.8.3): the first that is there decides. */
const FALLBACKS = {
  script: ["script-src-elem", "script-src", "default-src"],
  style: ["style-src-elem", "style-src", "default-src"],
  connect: ["connect-src", "default-src"],
  frame: ["frame-src", "child-src", "default-src"],
} as const

/** `default-src` stands for every kind: what is added must hold for one, so it goes into a directive that is new. */
const NARROWEST = { script: "script-src", style: "style-src", connect: "connect-src", frame: "frame-src" } as const

type Kind = keyof typeof FALLBACKS

/** A policy with what was needed but may not be added to it. */
export interface CompletedCsp {
  /** As a header's value. */
  readonly policy: string
  /** A directive and the source it lacks, each. */
  readonly missing: readonly string[]
}

/**
 * Adds to a policy what the bridge and its frame need, and a document's inline elements, in the directives that really
 * apply.
 *
 * @param keep directives that are left as they are, or `true` for all (`dangerousDisableAssetCspModification`)
 */
export function completeCsp(
  csp: Csp,
  needs: Needs,
  keep: boolean | readonly string[],
  inline: Inline = NOTHING_INLINE,
): CompletedCsp {
  const policy = parse(csp)
  const missing: string[] = []
  const isKept = (directive: string): boolean =>
    keep === true || (keep !== false && keep.some((name) => name.toLowerCase() === directive))
  const allow = (kind: Kind, source: string, isNeeded = true): void => {
    const found = FALLBACKS[kind].find((name) => policy.has(name))
    const sources = found === undefined ? [] : (policy.get(found) ?? [])
    if (found === undefined || covers(kind, sources, source)) return
    const target = found === "default-src" ? NARROWEST[kind] : found
    if (!isKept(target)) policy.set(target, [...sources.filter((one) => one.toLowerCase() !== "'none'"), source])
    else if (isNeeded) missing.push(`${target} ${source}`)
  }
  if (needs.assets !== null) {
    for (const [name, sources] of policy) {
      if (!sources.some((source) => TAURI_ASSETS.test(source))) continue
      if (isKept(name)) missing.push(`${name} ${needs.assets}`)
      else policy.set(name, [...sources, needs.assets])
    }
  }
  for (const source of needs.scripts) allow("script", source)
  allow("connect", needs.socket)
  for (const source of needs.frames) allow("frame", source)
  for (const source of inline.scripts) allow("script", source, false)
  for (const source of inline.styles) allow("style", source, false)
  return { policy: [...policy].map(([name, sources]) => [name, ...sources].join(" ")).join("; "), missing }
}

const NOTHING_INLINE: Inline = { scripts: [], styles: [] }

/** The same for a list: a header or a `<meta>` may hold several policies, divided by commas, and each of them applies. */
export function completeList(list: string, needs: Needs, keep: boolean | readonly string[]): CompletedCsp {
  const policies = list.split(",").map((policy) => completeCsp(policy, needs, keep))
  return {
    policy: policies.map(({ policy }) => policy).join(", "),
    missing: policies.flatMap(({ missing }) => missing),
  }
}

/**
 * A policy that keeps pages of others from framing the app, unless it says itself who may. What is added is a policy of
 * its own, so that one that must not be changed is not.
 */
export function withFraming(policy: string): string {
  if (policy === "") return FRAMING
  return parse(policy).has("frame-ancestors") ? policy : `${policy}, ${FRAMING}`
}

/** For every response on the app origin. */
export const FRAMING = "frame-ancestors 'self'"

/** Infra, "ASCII whitespace". What else `\s` takes for space is, to a browser, a part of a source: divided, it would be another one. */
const SPACE = /[\t\n\f\r ]+/

function parse(csp: Csp): Policy {
  const directives =
    typeof csp === "string"
      ? csp.split(";")
      : Object.entries(csp).map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(" ") : value}`)
  const policy: Policy = new Map()
  for (const directive of directives) {
    const [name = "", ...sources] = directive.split(SPACE).filter((part) => part !== "")
    if (name !== "" && !policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), sources)
  }
  return policy
}

function covers(kind: Kind, sources: readonly string[], source: string): boolean {
  if (sources.includes(source)) return true
  // A hash would switch 'unsafe-inline' off, and with it every other inline element of the page (CSP Level 3, 6.7.3.2).
  return (kind === "script" || kind === "style") && isInlineAllowed(kind, sources)
}

/** CSP Level 3, 6.7.3.2. What only looks like a nonce or a hash is none; 'strict-dynamic' is for scripts. */
function isInlineAllowed(kind: "script" | "style", sources: readonly string[]): boolean {
  const lower = sources.map((source) => source.toLowerCase())
  const isStrict = kind === "script" && lower.includes("'strict-dynamic'")
  return lower.includes("'unsafe-inline'") && !isStrict && !lower.some((source) => NONCE_OR_HASH.test(source))
}

/** CSP Level 3, 2.3.1: `nonce-source` and `hash-source`. */
const NONCE_OR_HASH = /^'(?:nonce|sha256|sha384|sha512)-[a-z\d+/_-]+={0,2}'$/
