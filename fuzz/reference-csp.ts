/** Directives by name. */
export type Policy = ReadonlyMap<string, readonly string[]>

/** Something that a page does and a policy decides. `directive`: the one that is asked first. */
export type Request =
  | { readonly kind: "fetch"; readonly directive: FetchDirective; readonly url: string }
  | { readonly kind: "inline"; readonly directive: InlineDirective; readonly hash: string }

type FetchDirective = "script-src-elem" | "style-src-elem" | "connect-src" | "frame-src" | "worker-src" | "img-src"
type InlineDirective = "script-src-elem" | "script-src-attr" | "style-src-elem" | "style-src-attr"

/** CSP Level 3, 6.8.3: which directive decides, the first that is there. */
const FALLBACKS: Readonly<Record<FetchDirective | InlineDirective, readonly string[]>> = {
  "script-src-elem": ["script-src-elem", "script-src", "default-src"],
  "script-src-attr": ["script-src-attr", "script-src", "default-src"],
  "style-src-elem": ["style-src-elem", "style-src", "default-src"],
  "style-src-attr": ["style-src-attr", "style-src", "default-src"],
  "connect-src": ["connect-src", "default-src"],
  "frame-src": ["frame-src", "child-src", "default-src"],
  "worker-src": ["worker-src", "child-src", "script-src", "default-src"],
  "img-src": ["img-src", "default-src"],
}

/** CSP Level 3, 2.2.1, as it stands there: divided by semicolons, then by ASCII white space; of two the first counts. */
export function parsePolicy(text: string): Policy {
  const policy = new Map<string, readonly string[]>()
  for (const directive of text.split(";")) {
    const [name, ...sources] = directive.split(/[\t\n\f\r ]+/).filter((part) => part !== "")
    const lower = name?.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    if (lower !== undefined && !policy.has(lower)) policy.set(lower, sources)
  }
  return policy
}

/** Whether a policy of the app origin, `http://localhost:1`, allows something. */
export function allows(policy: Policy, request: Request): boolean {
  const name = FALLBACKS[request.directive].find((name) => policy.has(name))
  if (name === undefined) return true
  const sources = policy.get(name) ?? []
  return request.kind === "fetch"
    ? sources.some((source) => matches(source, request.url))
    : allowsInline(sources, request)
}

/** 6.7.3.2 and 6.7.3.3. Attributes match by hash only where 'unsafe-hashes' is. */
function allowsInline(sources: readonly string[], { directive, hash }: Extract<Request, { kind: "inline" }>): boolean {
  const lower = sources.map((source) => source.toLowerCase())
  const switchesOff = (source: string): boolean =>
    /^'nonce-[a-z\d+/_-]+={0,2}'$/.test(source) ||
    /^'sha(?:256|384|512)-[a-z\d+/_-]+={0,2}'$/.test(source) ||
    (source === "'strict-dynamic'" && directive.startsWith("script-src"))
  if (lower.includes("'unsafe-inline'") && !lower.some(switchesOff)) return true
  const takesHashes = directive.endsWith("-elem") || lower.includes("'unsafe-hashes'")
  return takesHashes && sources.some((source) => source.replace(/^'sha256-/i, "'sha256-") === `'sha256-${hash}'`)
}

/** 6.7.2.8, for the sources and addresses that are tried: no paths. */
function matches(source: string, url: string): boolean {
  const { protocol, host } = new URL(url)
  const lower = source.toLowerCase()
  if (lower === "'self'") return host === "localhost:1"
  if (lower === "*") return ["http:", "https:", "ws:", "wss:"].includes(protocol)
  if (/^[a-z][a-z\d+.-]*:$/.test(lower)) return sameScheme(lower, protocol)
  const [, scheme, wildcard, name] =
    /^(?:([a-z][a-z\d+.-]*:)\/\/)?(\*(?=\.))?([a-z\d.-]+(?::\d+)?)\/?$/.exec(lower) ?? []
  if (name === undefined) return false
  const isHost = wildcard === undefined ? name === host : host.length > name.length && host.endsWith(name)
  return isHost && (scheme === undefined || sameScheme(scheme, protocol))
}

/** 6.7.2.9: the safe form of a scheme is meant, too. */
function sameScheme(source: string, protocol: string): boolean {
  return (
    source === protocol ||
    (source === "http:" && protocol === "https:") ||
    (source === "ws:" && ["wss:", "http:", "https:"].includes(protocol))
  )
}
