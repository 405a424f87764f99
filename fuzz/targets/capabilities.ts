import assert from "node:assert/strict"
import * as fc from "fast-check"
import type { Capability } from "../../src/core/capabilities/capability.ts"
import { CapabilityAccess } from "../../src/core/capabilities/capability-access.ts"
import { resolveGrants } from "../../src/core/capabilities/grants.ts"
import { labelGlob } from "../../src/core/capabilities/label-glob.ts"
import { Manifest } from "../../src/core/capabilities/manifest.ts"
import { Manifests } from "../../src/core/capabilities/manifests.ts"
import { property, type Target } from "../property.ts"

const ORIGIN = { file: "/app/capabilities/main.json", path: "permissions[0]" }
const letter = fc.constantFrom(..."ab*?[]!-^\\/.\n", "é", "😀")
const text = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(""))
const label = fc
  .array(fc.constantFrom(..."ab*[]!-^\\/.\n", "é", "😀"), { maxLength: 8 })
  .map((letters) => letters.join(""))

/** The `glob` crate's language, as a regular expression; `null` for what is no pattern. */
function reference(pattern: string): RegExp | null {
  if (pattern === "**") return /^.*$/su
  if (pattern.includes("**")) return null
  const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  let source = ""
  for (let rest = pattern; rest !== ""; ) {
    const negation = rest.startsWith("[!") ? "!" : ""
    // A bracket that comes first is one of the characters.
    const [, among] = (negation === "" ? /^\[(.[^\]]*)\]/su : /^\[!(.[^\]]*)\]/su).exec(rest) ?? []
    if (rest.startsWith("[") && among === undefined) return null
    if (among !== undefined) {
      const ranges = [...among.matchAll(/(.)-(.)|./gsu)].map(([one, from, to]) => ({
        from: from ?? one,
        to: to ?? one,
      }))
      if (ranges.some(({ from, to }) => (from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0))) return null
      const written = ranges.map(({ from, to }) => `${escaped(from)}-${escaped(to)}`).join("")
      source += `[${negation === "" ? "" : "^"}${written}]`
      rest = rest.slice(2 + negation.length + among.length)
      continue
    }
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    source += character === "*" ? ".*" : character === "?" ? "." : escaped(character)
    rest = rest.slice(character.length)
  }
  return new RegExp(`^${source}$`, "su")
}

/** What each permission allows and denies, told once more. */
const PERMISSIONS: Readonly<Record<string, { readonly allow: readonly string[]; readonly deny: readonly string[] }>> = {
  "allow-note": { allow: ["note"], deny: [] },
  "deny-note": { allow: [], deny: ["note"] },
  "files:allow-read": { allow: ["plugin:files|read"], deny: [] },
  "files:deny-read": { allow: [], deny: ["plugin:files|read"] },
  "files:allow-write": { allow: ["plugin:files|write"], deny: [] },
  "files:default": { allow: ["plugin:files|read", "plugin:files|write"], deny: [] },
  "files:only-read": { allow: ["plugin:files|read"], deny: ["plugin:files|write"] },
  "files:scope": { allow: [], deny: [] },
}
const COMMANDS = [
  "note",
  "other",
  "plugin:files|read",
  "plugin:files|write",
  "plugin:files|none",
  "plugin:none|read",
  "toString",
  "__proto__",
]
const MANIFESTS = new Manifests([
  Manifest.ofApp(["note", "other"], new Map()),
  Manifest.ofPlugin("files", ["read", "write"], {
    default: { permissions: ["allow-read", "allow-write"] },
    "only-read": { commands: { allow: ["read"], deny: ["write"] } },
    scope: { scope: { allow: ["$APP"], deny: ["$APP/secret"] } },
  }),
])

const capability: fc.Arbitrary<Capability> = fc
  .record({
    windows: fc.array(fc.constantFrom("main", "other", "*", "m*", "[!m]*", "o?her"), { maxLength: 2 }),
    webviews: fc.array(fc.constantFrom("main", "x"), { maxLength: 1 }),
    local: fc.constantFrom(true, true, false),
    permissions: fc.array(fc.tuple(fc.constantFrom(...Object.keys(PERMISSIONS)), fc.nat(3)), { maxLength: 3 }),
    platforms: fc.constantFrom(null, null, ["linux"], ["windows", "macOS"]),
  })
  .map(({ windows, webviews, permissions, ...rest }) => ({
    ...rest,
    identifier: "c",
    windows: windows.map((pattern) => ({ pattern, origin: ORIGIN })),
    webviews: webviews.map((pattern) => ({ pattern, origin: ORIGIN })),
    permissions: permissions.map(([identifier, denied]) => ({
      identifier,
      scope: { allow: [], deny: denied === 0 ? ["$HOME/secret"] : [] },
      origin: ORIGIN,
    })),
  }))

export const capabilities: Target = {
  name: "capabilities",
  properties: [
    property(
      "a pattern for labels matches what the glob crate's would, and is refused where that is none",
      fc.tuple(text, fc.oneof(label, text)),
      ([pattern, label]) => {
        const expected = reference(pattern)
        if (expected === null) return void assert.throws(() => labelGlob(pattern), Error)
        assert.equal(labelGlob(pattern)(label), expected.test(label), `${expected}`)
      },
    ),
    property(
      "a command runs where a capability for that window grants it, and nowhere once any denies it",
      fc.tuple(fc.array(capability, { maxLength: 5 }), fc.constantFrom("main", "other", "x", "moon", "")),
      ([capabilities, window]) => {
        const access = new CapabilityAccess(MANIFESTS, resolveGrants(capabilities, MANIFESTS, "linux"), true)
        const active = capabilities.filter(({ platforms }) => platforms?.includes("linux") ?? true)
        const isFor = ({ windows, webviews }: Capability): boolean =>
          [...windows, ...webviews].some(({ pattern }) => reference(pattern)?.test(window))
        const names =
          (kind: "allow" | "deny", command: string) =>
          (one: Capability): boolean =>
            one.permissions.some(({ identifier }) => PERMISSIONS[identifier]?.[kind].includes(command))
        for (const command of COMMANDS) {
          const isGranted = active.some((one) => one.local && isFor(one) && names("allow", command)(one))
          const isDenied = active.some(names("deny", command))
          // Twice: what was found out is remembered.
          for (const judgement of [access.judge(command, window), access.judge(command, window)]) {
            assert.equal(judgement.allowed, isGranted && !isDenied, command)
            if (!judgement.allowed || !command.startsWith("plugin:")) continue
            const isSecret = active.some(({ permissions }) =>
              permissions.some(({ identifier }) => identifier === "files:scope"),
            )
            assert.equal(judgement.scope.deny.includes("$APP/secret"), isSecret, "a scope's deny is for every window")
          }
        }
      },
    ),
  ],
}
