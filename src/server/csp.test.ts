import assert from "node:assert/strict"
import { test } from "node:test"
import { completeCsp, completeList, type Needs, STRICT, withFraming } from "./csp.ts"

const NEEDS: Needs = {
  scripts: ["'sha256-B='"],
  socket: "ws://localhost:1",
  frames: ["http://*.localhost:1"],
  assets: null,
}
const [B, S, F] = [NEEDS.scripts[0], NEEDS.socket, NEEDS.frames[0]]

for (const [name, csp, expected] of [
  ["nothing that applies is left alone", "img-src 'self'", "img-src 'self'"],
  [
    "default-src alone gets one directive of its own for each need",
    "default-src 'self'",
    `default-src 'self'; script-src 'self' ${B}; connect-src 'self' ${S}; frame-src 'self' ${F}`,
  ],
  ["'none' gives way", "frame-src 'none'", `frame-src ${F}`],
  ["'none' gives way, in any case of letters", "frame-src 'NONE'", `frame-src ${F}`],
  ["frame-src goes before child-src", "child-src x; frame-src y", `child-src x; frame-src y ${F}`],
  ["child-src goes before default-src", "default-src * 'unsafe-inline'; child-src x", undefined],
  ["script-src-elem goes before script-src", "script-src x; script-src-elem y", `script-src x; script-src-elem y ${B}`],
  ["'unsafe-inline' stays in force", "script-src 'unsafe-inline'", "script-src 'unsafe-inline'"],
  [
    "'unsafe-inline' beside a nonce is not in force",
    "script-src 'unsafe-inline' 'nonce-x'",
    `script-src 'unsafe-inline' 'nonce-x' ${B}`,
  ],
  [
    "'unsafe-inline' beside a hash is not in force",
    "script-src 'unsafe-inline' 'sha384-x'",
    `script-src 'unsafe-inline' 'sha384-x' ${B}`,
  ],
  [
    "'unsafe-inline' beside 'strict-dynamic' is not in force",
    "script-src 'unsafe-inline' 'strict-dynamic'",
    `script-src 'unsafe-inline' 'strict-dynamic' ${B}`,
  ],
  [
    "what only looks like a nonce leaves 'unsafe-inline' in force",
    "script-src 'unsafe-inline' 'nonce-'",
    "script-src 'unsafe-inline' 'nonce-'",
  ],
  [
    "what only looks like a hash leaves 'unsafe-inline' in force",
    "script-src 'unsafe-inline' 'sha1-x'",
    "script-src 'unsafe-inline' 'sha1-x'",
  ],
  ["what is no white space to a browser divides nothing", "img-src a\u00a0* b\u000b*", "img-src a\u00a0* b\u000b*"],
  ["names count in any case of letters", "Connect-SRC 'self'", `connect-src 'self' ${S}`],
  ["of two directives with one name the first counts", "connect-src a; connect-src b", `connect-src a ${S}`],
  ["what is there already is not added again", `connect-src ${S}`, `connect-src ${S}`],
  [
    "a map with strings and lists",
    { "connect-src": "a b", "frame-src": ["c", "d"] },
    `connect-src a b ${S}; frame-src c d ${F}`,
  ],
  ["empty directives vanish", " ; img-src x;;", "img-src x"],
] as const) {
  test(`completes a policy: ${name}`, () => {
    const { policy, missing } = completeCsp(csp, NEEDS, false)
    if (expected !== undefined) assert.equal(policy, expected)
    else assert.match(policy, /child-src x http:\/\/\*\.localhost:1(?:;|$)/)
    assert.deepEqual(missing, [])
  })
}

test("'strict-dynamic', which is for scripts, leaves 'unsafe-inline' of styles in force", () => {
  const policy = "style-src 'unsafe-inline' 'strict-dynamic'"
  assert.equal(completeCsp(policy, NEEDS, false, { scripts: [], styles: ["'sha256-S='"] }).policy, policy)
})

test("every script that is put into a page is allowed", () => {
  const needs = { ...NEEDS, scripts: ["'sha256-B='", "'sha256-P='"] }
  assert.equal(completeCsp("script-src x", needs, false).policy, "script-src x 'sha256-B=' 'sha256-P='")
})

const ASSETS = "http://localhost:1/__sallyport__/asset/"
for (const [name, csp, expected] of [
  [
    "in the directive that names them",
    "img-src 'self' asset:; media-src x",
    `img-src 'self' asset: ${ASSETS}; media-src x`,
  ],
  ["as Windows has them", "img-src http://asset.localhost", `img-src http://asset.localhost ${ASSETS}`],
  [
    "in each that names them",
    "img-src ASSET://localhost/; media-src https://asset.localhost/a",
    `img-src ASSET://localhost/ ${ASSETS}; media-src https://asset.localhost/a ${ASSETS}`,
  ],
  [
    "not for names that only begin so",
    "img-src http://asset.localhost.example assets:",
    "img-src http://asset.localhost.example assets:",
  ],
] as const) {
  test(`lets assets through ${name}`, () =>
    assert.equal(completeCsp(csp, { ...NEEDS, assets: ASSETS }, false).policy, expected))
}

test("lets assets through in default-src, and in what stands in for it", () => {
  const { policy } = completeCsp("default-src 'self' asset:", { ...NEEDS, assets: ASSETS }, false)
  assert.ok(policy.startsWith(`default-src 'self' asset: ${ASSETS}; script-src 'self' asset: ${ASSETS} ${B}`))
})

test("lets no assets through that are not enabled, and tells where they may not be let through", () => {
  assert.equal(completeCsp("img-src asset:", NEEDS, false).policy, "img-src asset:")
  const { policy, missing } = completeCsp("img-src asset:", { ...NEEDS, assets: ASSETS }, true)
  assert.deepEqual([policy, missing], ["img-src asset:", [`img-src ${ASSETS}`]])
})

const INLINE = { scripts: ["'sha256-S='"], styles: ["'sha256-T='"] }

for (const [name, csp, keep, expected] of [
  ["in their directives", "script-src x; style-src y", false, `script-src x ${B} 'sha256-S='; style-src y 'sha256-T='`],
  [
    "in directives of their own, where default-src speaks for them",
    "default-src x; connect-src *; frame-src *",
    false,
    `default-src x; connect-src * ${S}; frame-src * ${F}; script-src x ${B} 'sha256-S='; style-src x 'sha256-T='`,
  ],
  [
    "not beside 'unsafe-inline', which they would switch off",
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'",
    false,
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'",
  ],
  [
    "not in directives that are kept, and without a word",
    `script-src ${B}; style-src y`,
    true,
    `script-src ${B}; style-src y`,
  ],
] as const) {
  test(`lets a document's inline elements run: ${name}`, () =>
    assert.deepEqual(completeCsp(csp, NEEDS, keep, INLINE), { policy: expected, missing: [] }))
}

test("each isolation origin is allowed", () => {
  const frames = ["http://*.localhost:1", "http://127.0.0.1:1"]
  const { policy } = completeCsp("frame-src 'none'", { ...NEEDS, frames }, false)
  assert.equal(policy, `frame-src ${frames.join(" ")}`)
})

test("brownfield needs no frame", () => {
  assert.equal(completeCsp("frame-src 'none'", { ...NEEDS, frames: [] }, false).policy, "frame-src 'none'")
})

test("keeps a whole policy as it is, and tells what it lacks", () => {
  const csp = "default-src 'self'; frame-src 'none'"
  const { policy, missing } = completeCsp(csp, NEEDS, true)
  assert.equal(policy, csp)
  assert.deepEqual(missing, [`script-src ${B}`, `connect-src ${S}`, `frame-src ${F}`])
})

test("keeps the directives that are named, and completes the others", () => {
  const { policy, missing } = completeCsp("script-src 'self'; frame-src 'none'", NEEDS, ["Script-Src"])
  assert.equal(policy, `script-src 'self'; frame-src ${F}`)
  assert.deepEqual(missing, [`script-src ${B}`])
})

test("keeps default-src as it is and still lets the frame work", () => {
  const { policy, missing } = completeCsp("default-src 'self'", NEEDS, ["default-src"])
  assert.match(policy, /^default-src 'self'; /)
  assert.ok(policy.includes(`frame-src 'self' ${F}`))
  assert.deepEqual(missing, [])
})

test("the strict default allows what the app loads from itself and what calls need, no inline script, nothing else", () => {
  const { policy } = completeCsp(STRICT, NEEDS, false)
  const directives = policy.split("; ")
  assert.ok(directives.includes("default-src 'self'"))
  assert.ok(directives.includes(`script-src 'self' ${B}`))
  assert.ok(directives.includes(`connect-src 'self' ${S}`))
  assert.ok(directives.includes(`frame-src 'self' ${F}`))
  assert.ok(directives.includes("object-src 'none'"))
  assert.ok(directives.includes("base-uri 'self'"))
  assert.ok(!policy.includes("'unsafe-eval'"))
})

test("completes each policy of a list", () => {
  assert.equal(
    completeList("connect-src a, connect-src b", NEEDS, false).policy,
    `connect-src a ${S}, connect-src b ${S}`,
  )
})

for (const [policy, expected] of [
  ["", "frame-ancestors 'self'"],
  ["img-src x", "img-src x, frame-ancestors 'self'"],
  ["frame-ancestors https://portal.example", "frame-ancestors https://portal.example"],
  ["img-src x; Frame-Ancestors 'none'", "img-src x; Frame-Ancestors 'none'"],
  ["img-src frame-ancestors", "img-src frame-ancestors, frame-ancestors 'self'"],
] as const) {
  test(`other pages may not frame the app under ${JSON.stringify(policy)} unless it says so`, () => {
    assert.equal(withFraming(policy), expected)
  })
}
