import assert from "node:assert/strict"
import { test } from "node:test"
import type { Target } from "../project/find-project.ts"
import { shadowingPolicies } from "./tauri-policies.ts"

const policies = (security: unknown, target: Target = "tauri"): readonly string[] =>
  shadowingPolicies({
    root: "/app",
    config: "/app/src-tauri/tauri.conf.json",
    settings: { app: { security } },
    target,
    pattern: "isolation",
    isolationDir: "/app/dist-isolation",
    frontendDist: null,
    isFrontendBuilt: false,
  })

for (const [promise, security, says] of [
  [
    "frame-src in a text",
    { csp: "default-src 'self'; Frame-Src https://a.example" },
    /app\.security\.csp: frame-src keeps/,
  ],
  [
    "child-src in an object",
    { csp: { "child-src": "'none'" } },
    /csp: child-src keeps Tauri's isolation frame from loading/,
  ],
  ["frame-src in development", { devCsp: { "frame-src": ["'self'"] } }, /app\.security\.devCsp: frame-src/],
  ["frame-src under the other name", { "dev-csp": "frame-src x" }, /dev-csp: frame-src/],
  [
    "a policy that nothing is added to",
    { dangerousDisableAssetCspModification: true },
    /no script runs in the isolation frame/,
  ],
  [
    "script-src that nothing is added to",
    { dangerousDisableAssetCspModification: ["script-src"] },
    /remove script-src from it/,
  ],
] as const) {
  test(`finds what keeps Tauri's frame from working: ${promise}; Sallyport completes it`, () => {
    const found = policies(security)
    assert.equal(found.length, 1)
    assert.match(found[0] ?? "", says)
    assert.deepEqual(policies(security, "sallyport"), [])
  })
}

for (const [promise, security] of [
  ["no policy", { csp: null }],
  ["nothing", {}],
  ["no security", undefined],
  ["other directives", { csp: "default-src 'self'; frame-ancestors 'none'; script-src 'self' frame-src" }],
  ["styles that nothing is added to", { dangerousDisableAssetCspModification: ["style-src"] }],
  ["what is no policy", { csp: 1, devCsp: [], dangerousDisableAssetCspModification: "script-src" }],
] as const) {
  test(`finds nothing in ${promise}`, () => assert.deepEqual(policies(security), []))
}
