import assert from "node:assert/strict"
import { test } from "node:test"
import { menuPlugin } from "./menu.ts"
import { commandsOf, TestPage } from "./page.fixture.ts"
import { trayPlugin } from "./tray.ts"

for (const [plugin, why] of [
  [menuPlugin, "a browser window has no native menus"],
  [trayPlugin, "no icon in the system tray"],
] as const) {
  test(`every command of ${plugin.name} rejects with its name and the reason, and has its place in the default permission`, async () => {
    const commands = await commandsOf(plugin)
    const granted = new Set(plugin.permissions?.default?.permissions)
    for (const name of Object.keys(commands)) {
      const bare = name.slice(name.indexOf("|") + 1)
      assert.ok(granted.delete(`allow-${bare.replaceAll("_", "-")}`), name)
      if (name === "plugin:tray|get_by_id") continue
      await assert.rejects(new TestPage().call(commands, name), (reason) => {
        const text = String(reason)
        return text.startsWith(`${name} is not supported: `) && text.includes(why)
      })
    }
    assert.deepEqual([...granted], [])
  })
}

test("there is no tray icon of any id", async () =>
  assert.equal(await new TestPage().call(await commandsOf(trayPlugin), "plugin:tray|get_by_id", { id: "main" }), null))
