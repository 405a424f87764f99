import assert from "node:assert/strict"
import { test } from "node:test"
import { CORE_PLUGINS } from "../core/capabilities/core-plugins.ts"
import { Manifest } from "../core/capabilities/manifest.ts"
import { Manifests } from "../core/capabilities/manifests.ts"
import { Events } from "../core/events.ts"
import type { Plugin, PluginHost } from "../core/plugin.ts"
import { appPlugin } from "./app.ts"
import { eventPlugin } from "./event.ts"
import { imagePlugin } from "./image.ts"
import { menuPlugin } from "./menu.ts"
import { pathPlugin } from "./path.ts"
import { resourcesPlugin } from "./resources.ts"
import { trayPlugin } from "./tray.ts"
import { webviewPlugin } from "./webview.ts"
import { windowPlugin } from "./window.ts"

const log = (): void => {}
const host: PluginHost = {
  config: undefined,
  identifier: "org.example.notes",
  folder: "/srv/notes",
  appName: "Notes",
  version: "1.0.0",
  emit: log,
  emitTo: log,
  listen: () => log,
  trigger: log,
  log,
}
const noWindows = () => assert.fail("no window was asked for")
const PLUGINS: readonly Plugin[] = [
  eventPlugin(new Events(log)),
  resourcesPlugin,
  pathPlugin,
  windowPlugin(noWindows),
  webviewPlugin(noWindows),
  appPlugin({ exit: log }),
  imagePlugin(),
  menuPlugin,
  trayPlugin,
]

test("every plugin of Tauri's own is looked at", () =>
  assert.deepEqual(PLUGINS.map(({ name }) => name).sort(), Object.keys(CORE_PLUGINS).sort()))

for (const plugin of PLUGINS) {
  test(`core:${plugin.name}:default allows what Tauri's does, as far as it is there`, async () => {
    const { commands } = await plugin.setup(host)
    const manifest = Manifest.ofPlugin(plugin.name, Object.keys(commands), plugin.permissions)
    const { leaves, unknown } = new Manifests([manifest]).expand(`core:${plugin.name}:default`)
    assert.deepEqual(unknown, [])
    assert.deepEqual(
      leaves.flatMap(({ permission }) => permission.commands.allow).sort(),
      CORE_PLUGINS[plugin.name]?.byDefault.filter((name) => Object.hasOwn(commands, name)).sort(),
    )
  })

  test(`every command of the plugin "${plugin.name}" is one of Tauri's`, async () => {
    const { commands } = await plugin.setup(host)
    const { byDefault = [], others = [] } = CORE_PLUGINS[plugin.name] ?? {}
    const withPermission = Object.keys(commands).filter((name) => commands[name]?.judgedAs === undefined)
    assert.deepEqual(
      withPermission.filter((name) => ![...byDefault, ...others].includes(name)),
      [],
    )
  })
}
