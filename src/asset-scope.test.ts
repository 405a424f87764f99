import assert from "node:assert/strict"
import { homedir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { assetScope } from "./asset-scope.ts"
import { type AssetProtocolConfig, ConfigError } from "./config/config.ts"
import { ForbiddenPathError } from "./directories/path-scope.ts"
import { testConfig } from "./server/server.fixture.ts"

const patterns = (...texts: readonly string[]): AssetProtocolConfig["allow"] =>
  texts.map((pattern, index) => ({
    pattern,
    origin: { file: "/app/tauri.conf.json", path: `app.security.assetProtocol.scope[${index}]` },
  }))
const configOf = (allow: readonly string[], requireLiteralLeadingDot?: boolean) =>
  testConfig({ assetProtocol: { allow: patterns(...allow), deny: [], requireLiteralLeadingDot } })

test("assets that are not enabled have no scope", () => assert.equal(assetScope(testConfig({})), null))

test("patterns begin in Tauri's directories, and a leading dot must be written unless the configuration says otherwise", async () => {
  const [photo, dotted] = [join(homedir(), "none", "a.png"), join(homedir(), "none", ".a.png")]
  const scope = assetScope(configOf(["$HOME/none/*"]))
  assert.equal((await scope?.resolve(photo))?.lexical, photo)
  if (process.platform !== "win32") await assert.rejects(async () => scope?.resolve(dotted), ForbiddenPathError)
  assert.equal((await assetScope(configOf(["$HOME/none/*"], false))?.resolve(dotted))?.lexical, dotted)
})

test("a pattern that is none is an error of the configuration, with its place", () => {
  assert.throws(
    () => assetScope(configOf(["$HOME/**", "$HOME/[a"])),
    (error) => {
      assert.ok(error instanceof ConfigError)
      assert.deepEqual(
        error.problems.map(({ code, path }) => [code, path]),
        [["VALUE_INVALID", "app.security.assetProtocol.scope[1]"]],
      )
      assert.match(error.message, /the path pattern "\$HOME\/\[a" cannot be used/)
      return true
    },
  )
})
