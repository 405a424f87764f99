import assert from "node:assert/strict"
import { test } from "node:test"
import type { PluginPermission } from "../../core/plugin.ts"
import { startFs } from "./fs.fixture.ts"
import { fs } from "./index.ts"

const permissions = fs().permissions as Readonly<Record<string, PluginPermission>>

test("every permission names commands that there are, and permissions that there are", async () => {
  const plugin = await startFs()
  const commands = Object.keys(plugin.instance.commands)
  const slugs = commands.map((command) => `allow-${command.replaceAll("_", "-")}`)
  for (const [name, { commands: named, permissions: set }] of Object.entries(permissions)) {
    for (const command of [...(named?.allow ?? []), ...(named?.deny ?? [])])
      assert.ok(commands.includes(command), `${name}: ${command}`)
    for (const other of set ?? [])
      assert.ok(Object.hasOwn(permissions, other) || slugs.includes(other), `${name}: ${other}`)
  }
  await plugin.close()
})

test("each directory has the nine permissions that Tauri gives it, the app's directories together, too", () => {
  const directories =
    "app appcache appconfig appdata applocaldata applog audio cache config data desktop document download exe font home localdata log picture public resource runtime temp template video"
  for (const name of directories.split(" "))
    for (const permission of [
      `scope-${name}`,
      `scope-${name}-recursive`,
      `scope-${name}-index`,
      `allow-${name}-read`,
      `allow-${name}-read-recursive`,
      `allow-${name}-write`,
      `allow-${name}-write-recursive`,
      `allow-${name}-meta`,
      `allow-${name}-meta-recursive`,
    ])
      assert.ok(Object.hasOwn(permissions, permission), permission)
  assert.deepEqual(permissions["scope-appdata-recursive"]?.scope?.allow, [
    { path: "$APPDATA" },
    { path: "$APPDATA/**" },
  ])
  assert.deepEqual(permissions["scope-exe"]?.scope?.allow, [{ path: "$EXE" }, { path: "$EXE/*" }])
  assert.deepEqual(permissions["scope-home-index"]?.scope?.allow, [{ path: "$HOME" }])
  assert.equal(permissions["scope-app"]?.scope?.allow?.length, 10)
})

test("every scope that a permission brings can be read", async () => {
  const plugin = await startFs()
  for (const { scope } of Object.values(permissions))
    for (const value of [...(scope?.allow ?? []), ...(scope?.deny ?? [])]) plugin.instance.readScope?.(value)
  assert.throws(() => plugin.instance.readScope?.("$APPDTA/**"), /there is no variable \$APPDTA/)
  await plugin.close()
})

test("the configuration of the plugin is checked before anything starts", async () => {
  await assert.rejects(
    startFs({}, { requireLiteralLeadingDots: true }),
    /plugins\.fs\.requireLiteralLeadingDots: no such key/,
  )
  await assert.rejects(startFs({}, { requireLiteralLeadingDot: "no" }), /expected true or false/)
  await assert.rejects(startFs({}, []), /plugins\.fs: expected an object/)
  for (const maxReadBytes of [0, -1, 1.5, Number.NaN]) assert.throws(() => fs({ maxReadBytes }), /maxReadBytes is/)
})

test("requireLiteralLeadingDot of the configuration opens dot files to wildcards", async () => {
  for (const [config, isAllowed] of [
    [undefined, false],
    [{}, false],
    [{ requireLiteralLeadingDot: false }, true],
  ] as const) {
    const plugin = await startFs({}, config)
    const seen = await plugin.call("exists", { path: `${plugin.appData}/.hidden` }).then(
      () => true,
      () => false,
    )
    assert.equal(seen, isAllowed)
    await plugin.close()
  }
})
