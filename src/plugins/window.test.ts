import assert from "node:assert/strict"
import { beforeEach, describe, test } from "node:test"
import { PageOperation } from "../core/page-operation.ts"
import { commandsOf, TestPage } from "./page.fixture.ts"
import { webviewPlugin } from "./webview.ts"
import { windowPlugin } from "./window.ts"
import type { WindowHost } from "./window-host.ts"
import { FIXED, FIXED_WEBVIEW, REFUSED, REFUSED_WEBVIEW } from "./window-refusals.ts"

let asked: unknown[] = []
const HOST: WindowHost = {
  labels: ["main", "other"],
  create: async (options) => void asked.push(["create", options]),
  requestClose: async (label) => void asked.push(["requestClose", label]),
  destroy: async (label) => void asked.push(["destroy", label]),
}
const COMMANDS = {
  ...(await commandsOf(windowPlugin(() => HOST))),
  ...(await commandsOf(webviewPlugin(() => HOST))),
}
const call = (cmd: string, args?: unknown, from = "other"): Promise<unknown> =>
  new TestPage(from).call(COMMANDS, `plugin:${cmd}`, args)

beforeEach(() => {
  asked = []
})

describe("what only a page knows or can do", () => {
  for (const [cmd, args, expected] of [
    ["window|title", {}, ["title", null]],
    ["window|title", { label: "other" }, ["title", null]],
    ["window|inner_size", { label: null }, ["inner_size", null]],
    ["window|set_title", { value: "A" }, ["set_title", "A"]],
    [
      "window|set_size",
      { value: { Logical: { width: 1, height: 2 } } },
      ["set_size", { unit: "Logical", value: [1, 2] }],
    ],
    ["window|set_simple_fullscreen", { value: true }, ["set_fullscreen", true]],
    ["window|unminimize", {}, ["show", null]],
    ["window|monitor_from_point", { x: 1, y: 2 }, ["monitor_from_point", { x: 1, y: 2 }]],
    ["webview|webview_size", {}, ["inner_size", null]],
    ["webview|set_webview_background_color", { value: [1, 2, 3] }, ["set_background_color", "#010203ff"]],
  ] as const)
    test(`${cmd} of its own window is the page's to do`, async () => {
      const operation = await call(cmd, args)
      assert.ok(operation instanceof PageOperation)
      const [name, argument, refusal] = operation.message
      assert.deepEqual([name, argument], expected)
      assert.ok(refusal.length > 10)
    })

  test("is done for no other window", async () => {
    for (const cmd of ["window|title", "window|set_title", "window|set_focus", "webview|webview_size"])
      await assert.rejects(call(cmd, { label: "main", value: "A" }), (error: unknown) =>
        /of the window "main" was called by "other": a browser window can only speak and act for itself/.test(
          String(error),
        ),
      )
  })

  test("is not done with a value that is none", async () => {
    for (const [cmd, value] of [
      ["set_title", 5],
      ["set_size", { Logical: { width: "1", height: 2 } }],
      ["set_fullscreen", "yes"],
    ] as const)
      await assert.rejects(call(`window|${cmd}`, { value }), (error: unknown) =>
        String(error).startsWith(`invalid args \`value\` for command \`${cmd}\`: expected `),
      )
  })
})

describe("a label that no window has", () => {
  const commands = Object.keys(COMMANDS).filter(
    (name) => !/\|(get_all_windows|get_all_webviews|create|create_webview_window)$/.test(name),
  )
  for (const label of ["nobody", 5, {}, "constructor"])
    test(`${JSON.stringify(label)} is not found, by any command`, async () => {
      for (const name of commands)
        await assert.rejects(
          call(name.replace("plugin:", ""), { label }),
          (error: unknown) => error === "window not found",
          name,
        )
      assert.deepEqual(asked, [])
    })
})

describe("windows of the app", () => {
  test("are listed with the caller's first, who can answer for itself", async () => {
    assert.deepEqual(await call("window|get_all_windows"), ["other", "main"])
    assert.deepEqual(await call("webview|get_all_webviews", {}, "main"), [
      { label: "main", windowLabel: "main", window_label: "main" },
      { label: "other", windowLabel: "other", window_label: "other" },
    ])
  })

  test("are closed, asked first or not, and created", async () => {
    await call("window|close", { label: "main" })
    await call("window|close")
    await call("window|destroy", { label: "main" })
    await call("webview|webview_close", { label: "main" })
    await call("window|create", { options: { label: "a" } })
    await call("webview|create_webview_window", { options: { label: "b" } })
    assert.deepEqual(asked, [
      ["requestClose", "main"],
      ["requestClose", "other"],
      ["destroy", "main"],
      ["destroy", "main"],
      ["create", { label: "a" }],
      ["create", { label: "b" }],
    ])
  })
})

describe("what a browser window cannot do", () => {
  for (const [plugin, fixed, refused] of [
    ["window", FIXED, REFUSED],
    ["webview", FIXED_WEBVIEW, REFUSED_WEBVIEW],
  ] as const) {
    for (const [name, { holds, reason }] of Object.entries(fixed))
      test(`${name} takes ${JSON.stringify(holds)}, which holds, and says of all else why not`, async () => {
        assert.equal(await call(`${plugin}|${name}`, { value: holds }), null)
        for (const value of [!holds, "else", {}])
          await assert.rejects(call(`${plugin}|${name}`, { value }), (error: unknown) => error === `${name}: ${reason}`)
      })
    for (const [name, reason] of Object.entries(refused))
      test(`${name} says why not`, () =>
        assert.rejects(call(`${plugin}|${name}`, { value: null }), (error: unknown) => error === `${name}: ${reason}`))
  }

  test("is not granted by default, but for what Tauri's own default sets name", () => {
    for (const plugin of [windowPlugin(() => HOST), webviewPlugin(() => HOST)])
      for (const permission of plugin.permissions?.default?.permissions ?? []) {
        const command = permission.replace("allow-", "").replaceAll("-", "_")
        assert.ok(Object.hasOwn(COMMANDS, `plugin:${plugin.name}|${command}`), permission)
        assert.doesNotMatch(
          command,
          /^(set_|create|close|destroy|center|show|hide|maximize|unmaximize|toggle_maximize)/,
        )
      }
  })
})
