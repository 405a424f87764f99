import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as fc from "fast-check"
import { ConfigError, readConfig } from "../../src/config/config.ts"
import { property, type Target } from "../property.ts"
import { jsonValue, mutate, mutation, trickyKey } from "../values.ts"

/** A configuration that says something everywhere. */
const WHOLE = {
  identifier: "org.example.notes",
  productName: "Notes",
  version: "1.0.0",
  build: { frontendDist: ".", devUrl: "http://localhost:5173", removeUnusedCommands: true },
  app: {
    withGlobalTauri: true,
    windows: [{ label: "main", title: "Notes", url: "index.html", width: 800, height: 600, create: true }],
    security: {
      pattern: { use: "isolation", options: { dir: "." } },
      csp: { "default-src": ["'self'"], "img-src": "'self'" },
      devCsp: "default-src 'self'",
      dangerousDisableAssetCspModification: ["style-src"],
      freezePrototype: true,
      assetProtocol: { enable: true, scope: { allow: ["$APPDATA/**"], deny: [], requireLiteralLeadingDot: true } },
      headers: { "X-Content-Type-Options": "nosniff", "Permissions-Policy": ["a", "b"] },
      capabilities: [
        "main",
        {
          identifier: "more",
          windows: ["main"],
          permissions: ["core:default", { identifier: "fs:default", allow: [{ path: "$APP" }] }],
        },
      ],
    },
  },
  plugins: { sallyport: { limits: { jsonBytes: 1000, nesting: 5 } }, fs: { requireLiteralLeadingDot: true } },
}
const CAPABILITY = {
  identifier: "main",
  description: "d",
  local: true,
  windows: ["main"],
  platforms: ["linux"],
  permissions: ["core:default"],
}
const PERMISSION = {
  default: { permissions: ["allow-a"] },
  set: [{ identifier: "s", permissions: ["allow-a"] }],
  permission: [{ identifier: "allow-a", commands: { allow: ["a"], deny: [] } }],
}

const deep = fc
  .tuple(fc.constantFrom(100, 300, 20_000), fc.constantFrom(["[", "]"], ['{"a":', "}"]))
  .map(([depth, [open = "", close = ""]]) => `${open.repeat(depth)}1${close.repeat(depth)}`)
const strange = fc.oneof(
  jsonValue,
  fc.constantFrom("..", "/", "\0", "a\u00a0b", "*", "[", "**", -1, [], {}, [[]], [{}], "main", "__proto__"),
)

interface Change {
  readonly path: readonly number[]
  readonly does: "replace" | "remove" | "add"
  readonly name: string
  readonly value: unknown
}
const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(fc.nat(8), { maxLength: 6 }),
  does: fc.constantFrom("replace", "remove", "add"),
  name: trickyKey,
  value: strange,
})

/** The value with something in it replaced, left out or put in. */
function changed(value: unknown, { path, does, name, value: other }: Change): unknown {
  const [index, ...rest] = path
  if (typeof value !== "object" || value === null) return other
  const keys = Object.keys(value)
  const key = keys[(index ?? 0) % Math.max(1, keys.length)]
  const entries = Object.entries(value)
  let result: [string, unknown][]
  if (does === "add" && rest.length === 0) result = [...entries, [name, other]]
  else if (key === undefined) return other
  else if (rest.length > 0)
    result = entries.map(([one, inner]) => [
      one,
      one === key ? changed(inner, { path: rest, does, name, value: other }) : inner,
    ])
  else
    result =
      does === "remove"
        ? entries.filter(([one]) => one !== key)
        : entries.map(([one, inner]) => [one, one === key ? other : inner])
  return Array.isArray(value) ? result.map(([, inner]) => inner) : Object.fromEntries(result)
}

const variant = (value: unknown): fc.Arbitrary<string> =>
  fc.array(change, { maxLength: 4 }).map((changes) => JSON.stringify(changes.reduce(changed, value)) ?? "")
const damaged = (text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  fc.tuple(text, fc.array(mutation, { maxLength: 3 })).map(([text, mutations]) => mutate(Buffer.from(text), mutations))
const inDepth = fc
  .tuple(deep, fc.constantFrom("app", "identifier", "plugins", "build", "other"))
  .map(([value, key]) => JSON.stringify({ ...WHOLE, [key]: 0 }).replace(`"${key}":0`, `"${key}":${value}`))

const main = fc.oneof(
  { arbitrary: variant(WHOLE).map((text) => Buffer.from(text)), weight: 6 },
  damaged(variant(WHOLE)),
  inDepth.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }),
)
const patch = fc.option(
  fc.oneof(
    variant({ app: { windows: [] }, build: null }).map((text) => Buffer.from(text)),
    inDepth.map((text) => Buffer.from(text)),
  ),
  { freq: 4 },
)
const capability = fc.option(damaged(variant(CAPABILITY)), { freq: 3 })
const permission = fc.option(damaged(variant(PERMISSION)), { freq: 3 })

export const config: Target = {
  name: "config",
  properties: [
    property(
      "any files are a configuration, or a ConfigError that says where and what",
      fc.record({ main, patch, capability, permission }),
      async ({ main, patch, capability, permission }) => {
        const folder = mkdtempSync(join(tmpdir(), "sallyport-fuzz-config-"))
        try {
          writeFileSync(join(folder, "tauri.conf.json"), main)
          if (patch !== null)
            writeFileSync(join(folder, `tauri.${process.platform === "linux" ? "linux" : "macos"}.conf.json`), patch)
          for (const [name, content] of [
            ["capabilities", capability],
            ["permissions", permission],
          ] as const) {
            if (content === null) continue
            mkdirSync(join(folder, name))
            writeFileSync(join(folder, name, "a.json"), content)
          }
          await readConfig(folder)
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          assert.ok(error.problems.length > 0)
          for (const { file, message } of error.problems) {
            assert.ok(file.startsWith(folder))
            assert.ok(message.length > 0 && message.length < 2000, message)
          }
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      },
      50,
    ),
  ],
}
