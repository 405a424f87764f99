import assert from "node:assert/strict"
import * as fc from "fast-check"
import { completeCsp, completeList, type Inline, type Needs, withFraming } from "../../src/server/csp.ts"
import { property, type Target } from "../property.ts"
import { allows, parsePolicy, type Request } from "../reference-csp.ts"

const NEEDS: Needs = {
  scripts: ["'sha256-QnJpZGdl'", "'sha256-UGx1Z2lucw=='"],
  socket: "ws://localhost:1",
  frames: ["http://*.localhost:1", "http://127.0.0.1:1"],
  assets: null,
}
const INLINE: Inline = { scripts: ["'sha256-T3du'"], styles: ["'sha256-U3R5bGU='"] }

const source = fc.oneof(
  fc.constantFrom(
    "'self'",
    "'none'",
    "'NONE'",
    "*",
    "https:",
    "ws:",
    "data:",
    "'unsafe-inline'",
    "'UNSAFE-INLINE'",
    "'unsafe-eval'",
    "'strict-dynamic'",
    "'nonce-abc'",
    "'nonce-'",
    "'nonce-!'",
    "'sha256-T3RoZXI='",
    "'sha1-T3RoZXI='",
    "'sha256-'",
    "'sha999-x'",
    "'unsafe-hashes'",
    "https://a.example",
    "http://127.0.0.1:1",
    "http://*.localhost:1",
    "ws://localhost:1",
    "'sha256-QnJpZGdl'",
    "a.example\u00a0*",
    "\u00a0",
    "'self'\u000b*",
    "é",
    "'report-sample'",
  ),
  fc.stringMatching(/^[!-+\--:<-~]{1,8}$/),
)
const name = fc.constantFrom(
  "default-src",
  "script-src",
  "Script-Src",
  "script-src-elem",
  "script-src-attr",
  "style-src",
  "style-src-elem",
  "style-src-attr",
  "connect-src",
  "frame-src",
  "child-src",
  "worker-src",
  "img-src",
  "frame-ancestors",
  "sandbox",
)
const space = fc.constantFrom(" ", "  ", "\t", "\n", "\f ")
const directive = fc
  .tuple(name, fc.array(source, { maxLength: 4 }), space)
  .map(([name, sources, space]) => [name, ...sources].join(space))
const policy = fc.array(directive, { maxLength: 5 }).map((directives) => directives.join("; "))
const keep = fc.oneof(
  { arbitrary: fc.constant(false as const), weight: 4 },
  fc.constant(true as const),
  fc.array(name, { maxLength: 3 }),
)

const URLS = [
  "http://localhost:1/a.js",
  "https://a.example/x",
  "https://b.example/",
  "ws://localhost:1/",
  "ws://b.example/",
  "http://127.0.0.1:1/x",
  "http://7.localhost:1/x",
  "http://7.localhost.evil.example:1/x",
  "data:,x",
]
const HASHES = ["QnJpZGdl", "UGx1Z2lucw==", "T3du", "U3R5bGU=", "T3RoZXI=", "TmV3"]

/** Everything that a page may ask for here. */
const REQUESTS: readonly Request[] = [
  ...(["script-src-elem", "style-src-elem", "connect-src", "frame-src", "worker-src", "img-src"] as const).flatMap(
    (directive) => URLS.map((url): Request => ({ kind: "fetch", directive, url })),
  ),
  ...(["script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr"] as const).flatMap((directive) =>
    HASHES.map((hash): Request => ({ kind: "inline", directive, hash })),
  ),
]

const FRAMES = ["http://127.0.0.1:1/x", "http://7.localhost:1/x"]

const NEEDED: readonly Request[] = [
  ...["QnJpZGdl", "UGx1Z2lucw=="].map((hash): Request => ({ kind: "inline", directive: "script-src-elem", hash })),
  { kind: "fetch", directive: "connect-src", url: "ws://localhost:1/" },
  ...FRAMES.map((url): Request => ({ kind: "fetch", directive: "frame-src", url })),
]

/** What completing may add: the needs, and the document's own inline elements. Nothing for attributes and workers. */
function mayBeAdded(request: Request): boolean {
  if (NEEDED.some((needed) => JSON.stringify(needed) === JSON.stringify(request))) return true
  if (request.kind === "fetch") {
    // By the standard a `ws:` source covers the same host over http (6.7.2.9), and `child-src` workers, which browsers take
    // from the page's own origin only (HTML Standard, 10.2.6.3).
    return (
      (request.directive === "connect-src" && request.url.startsWith("http://localhost:1/")) ||
      (request.directive === "worker-src" && FRAMES.includes(request.url))
    )
  }
  return (
    (request.directive.startsWith("script-src") && ["T3du", "QnJpZGdl", "UGx1Z2lucw=="].includes(request.hash)) ||
    (request.directive.startsWith("style-src") && request.hash === "U3R5bGU=")
  )
}

function check(before: string, after: string, isWhole: boolean): void {
  const [old, completed] = [parsePolicy(before), parsePolicy(after)]
  for (const request of REQUESTS) {
    const [was, is] = [allows(old, request), allows(completed, request)]
    const what = `${JSON.stringify(request)}\n${JSON.stringify(before)}\n${JSON.stringify(after)}`
    if (was) assert.ok(is, `was allowed and is no more: ${what}`)
    if (is && !was) assert.ok(mayBeAdded(request), `is allowed and was not: ${what}`)
  }
  if (isWhole)
    for (const needed of NEEDED) assert.ok(allows(completed, needed), `is needed: ${JSON.stringify(needed)}\n${after}`)
}

export const csp: Target = {
  name: "csp",
  properties: [
    property(
      "completed, a policy allows what it allowed and what is needed, and nothing else",
      fc.tuple(policy, keep, fc.boolean()),
      ([policy, keep, hasInline]) => {
        const { policy: completed, missing } = completeCsp(policy, NEEDS, keep, hasInline ? INLINE : undefined)
        check(policy, completed, missing.length === 0)
        if (keep === false) assert.deepEqual(missing, [])
      },
    ),
    property("completing twice changes nothing more", fc.tuple(policy, keep), ([policy, keep]) => {
      const once = completeCsp(policy, NEEDS, keep, INLINE)
      assert.deepEqual(completeCsp(once.policy, NEEDS, keep, INLINE), once)
    }),
    property(
      "directives that are to be kept are kept",
      fc.tuple(policy, fc.array(name, { minLength: 1 })),
      ([policy, kept]) => {
        const [before, after] = [parsePolicy(policy), parsePolicy(completeCsp(policy, NEEDS, kept, INLINE).policy)]
        for (const name of kept.map((name) => name.toLowerCase())) assert.deepEqual(after.get(name), before.get(name))
        assert.equal(
          completeCsp(policy, NEEDS, true).policy,
          completeCsp(completeCsp(policy, NEEDS, true).policy, NEEDS, true).policy,
        )
      },
    ),
    property("of several policies each is completed", fc.array(policy, { minLength: 1, maxLength: 3 }), (policies) => {
      const list = completeList(policies.join(","), NEEDS, false).policy.split(",")
      assert.equal(list.length, policies.length)
      for (const [index, before] of policies.entries()) check(before, list[index] as string, true)
    }),
    property("framing is added where nothing is said of it, and nothing else changes", policy, (policy) => {
      const [first = "", ...more] = withFraming(policy).split(",")
      if (parsePolicy(policy).has("frame-ancestors")) assert.deepEqual([first, ...more], [policy])
      else
        assert.deepEqual([first, ...more].slice(policy === "" ? 0 : 1), [
          policy === "" ? "frame-ancestors 'self'" : " frame-ancestors 'self'",
        ])
    }),
  ],
}
